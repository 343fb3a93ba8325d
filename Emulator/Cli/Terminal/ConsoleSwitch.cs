using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli.Terminal;

/// <summary>Gives what is typed to the guest or to the monitor, as the keys after Ctrl-A say.</summary>
/// <param name="machine">The guest's machine.</param>
/// <param name="screen">Where the keys' help goes.</param>
/// <param name="monitor">Null if there is none.</param>
/// <param name="hasConsole">The guest's console is here; else the monitor is alone.</param>
/// <param name="isReplay">What is typed for the guest is left out: what was typed then is in the record.</param>
/// <param name="finished">The machine has ended, and nobody waits any more.</param>
internal sealed class ConsoleSwitch(
    VirtMachine machine, SharedScreen screen, MonitorConsole? monitor, bool hasConsole, bool isReplay,
    ManualResetEventSlim finished) : IConsoleReceiver
{
    /// <summary>Input that the guest has not taken yet; then the keyboard waits.</summary>
    private const int InputAheadBytes = 64 * 1024;

    private const int LookMilliseconds = 50;

    private bool _isMonitor;

    /// <summary>The monitor has the keys from the start, if the console is elsewhere.</summary>
    public void InputBegins()
    {
        if (!hasConsole)
        {
            _isMonitor = true;
            monitor?.Open();
        }
    }

    public void Accept(ReadOnlySpan<byte> keys)
    {
        if (_isMonitor)
        {
            monitor?.Accept(keys);
            return;
        }

        if (isReplay)
        {
            return;
        }

        while (machine.PendingConsoleInput > InputAheadBytes && !finished.IsSet)
        {
            finished.Wait(LookMilliseconds);
        }

        machine.PostConsoleInput(keys);
    }

    public void Obey(EscapeCommand command)
    {
        switch (command)
        {
            case EscapeCommand.Quit:
                machine.RequestStop(StopReason.Quit);
                break;
            case EscapeCommand.Help:
                screen.Print(EscapeKeys.Help);
                break;
            case EscapeCommand.Monitor:
                Turn();
                break;
            case EscapeCommand.Break:
                machine.PostConsoleBreak();
                break;
        }
    }

    public void InputEnded()
    {
        if (hasConsole)
        {
            machine.PostConsoleClosed();
        }
    }

    private void Turn()
    {
        if (monitor is null)
        {
            screen.Print("\n(there is no monitor: -monitor none)\n");
            return;
        }

        if (!hasConsole)
        {
            screen.Print("(the console is not here; only the monitor is)\n");
            return;
        }

        _isMonitor = !_isMonitor;
        if (_isMonitor)
        {
            screen.Print("\n");
            monitor.Open();
            return;
        }

        monitor.Close();
        screen.Print(monitor.IsHalted
            ? "(back to the console; the machine is halted: Ctrl-A c, then cont, lets it go on)\n"
            : "");
    }
}
