namespace RiscvXv6.Emulator.Cli.Terminal;

/// <summary>What a key after Ctrl-A asks of the emulator.</summary>
internal enum EscapeCommand
{
    None,
    Quit,
    Help,
    Monitor,
    Break,
}

/// <summary>
/// Finds the emulator's own keys in what is typed, as QEMU's <c>-nographic</c> does: Ctrl-A and a letter. Ctrl-A twice sends
/// one Ctrl-A; an unknown letter is swallowed with its Ctrl-A.
/// </summary>
/// <param name="isOn">False passes everything on.</param>
internal sealed class EscapeKeys(bool isOn)
{
    public const byte Escape = 0x01;

    public const string Help = """

        Ctrl-A h    print this help
        Ctrl-A x    end the machine
        Ctrl-A c    go to the monitor, and back to the console
        Ctrl-A b    send break
        Ctrl-A Ctrl-A  send Ctrl-A

        """;

    private bool _escaped;

    /// <summary>Takes one byte.</summary>
    /// <param name="value">As read from the terminal.</param>
    /// <param name="command">What the emulator should do.</param>
    /// <returns>True if the byte is for the guest.</returns>
    public bool Accept(byte value, out EscapeCommand command)
    {
        command = EscapeCommand.None;
        if (!isOn)
        {
            return true;
        }

        if (!_escaped)
        {
            _escaped = value == Escape;
            return !_escaped;
        }

        _escaped = false;
        command = value switch
        {
            (byte)'x' => EscapeCommand.Quit,
            (byte)'h' or (byte)'?' => EscapeCommand.Help,
            (byte)'c' => EscapeCommand.Monitor,
            (byte)'b' => EscapeCommand.Break,
            _ => EscapeCommand.None,
        };
        return value == Escape;
    }
}
