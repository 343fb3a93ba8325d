namespace RiscvXv6.Emulator.Cli.Terminal;

/// <summary>What the keyboard's thread needs of the machine; called on that thread.</summary>
internal interface IConsoleReceiver
{
    /// <summary>Before anything is read.</summary>
    void InputBegins();

    /// <summary>Keys for the guest. May wait while the guest is far behind.</summary>
    void Accept(ReadOnlySpan<byte> keys);

    /// <summary>A command after Ctrl-A; never <see cref="EscapeCommand.None"/>.</summary>
    void Obey(EscapeCommand command);

    /// <summary>Nothing more will come; the machine runs on.</summary>
    void InputEnded();
}

/// <summary>
/// Reads what comes from the host on a thread of its own, which ends with the process: a blocked read can't be interrupted
/// everywhere.
/// </summary>
internal sealed class ConsoleReader(ConsoleRead read, EscapeKeys keys, IConsoleReceiver receiver)
{
    private const int ChunkBytes = 1024;

    public void Start() => new Thread(Pump) { IsBackground = true, Name = "console input" }.Start();

    /// <summary>Reads until the input ends.</summary>
    internal void Pump()
    {
        byte[] raw = new byte[ChunkBytes];
        byte[] forGuest = new byte[ChunkBytes];
        int length;
        receiver.InputBegins();
        while ((length = read(raw)) > 0)
        {
            int count = 0;
            for (int i = 0; i < length; i++)
            {
                if (keys.Accept(raw[i], out var command))
                {
                    forGuest[count++] = raw[i];
                }
                else if (command != EscapeCommand.None)
                {
                    // What was typed before the command reaches the guest before it.
                    receiver.Accept(forGuest.AsSpan(0, count));
                    count = 0;
                    receiver.Obey(command);
                }
            }

            if (count > 0)
            {
                receiver.Accept(forGuest.AsSpan(0, count));
            }
        }

        receiver.InputEnded();
    }
}

/// <summary>Reads at least one byte, or returns 0 at the end.</summary>
internal delegate int ConsoleRead(Span<byte> buffer);
