using System.Runtime.InteropServices;

namespace RiscvXv6.Emulator.Cli.Terminal;

/// <summary>
/// Turns the host's signals into requests: SIGTERM, SIGINT and SIGHUP end the machine in order, and a stop (Ctrl-Z) gives the
/// terminal back until the process goes on.
/// </summary>
/// <remarks>
/// They stay set until the process is gone: a second signal, as timeout(1) sends it, must not kill a program that is about
/// to report how it ended.
/// </remarks>
internal sealed class SignalTraps
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private volatile bool _hasEnded;

    /// <param name="terminal">Given back while the process is stopped; null if it is not used.</param>
    /// <param name="onEnd">Told the signal's number, on a thread of the pool.</param>
    public SignalTraps(RawTerminal? terminal, Action<int> onEnd)
    {
        (PosixSignal Signal, int Number)[] endings =
            [(PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGTERM, 15)];
        foreach (var (signal, number) in endings)
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                onEnd(number);
            }));
        }

        if (!OperatingSystem.IsWindows())
        {
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context =>
            {
                context.Cancel = true;
                terminal?.Suspend();
                _ = UnixCalls.Kill(Environment.ProcessId, UnixCalls.StopSignal);
            }));
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, context =>
            {
                // Uncancelled, .NET would put the terminal back to what it found at its own start.
                context.Cancel = true;
                if (!_hasEnded)
                {
                    terminal?.Resume();
                }
            }));
        }
    }

    /// <summary>
    /// The machine has ended: from now on signals are only kept from killing the process, and the terminal is left alone.
    /// </summary>
    public void Ended() => _hasEnded = true;
}
