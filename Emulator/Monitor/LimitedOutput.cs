using System.Text;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>Passes on so many characters and no more, and says so, so that no command can write for ever.</summary>
internal sealed class LimitedOutput(TextWriter output) : TextWriter
{
    /// <summary>More than anybody reads.</summary>
    public const int MostCharacters = 1 << 20;

    private int _left = MostCharacters;

    /// <summary>Everything more is dropped: a command may as well stop.</summary>
    public bool IsFull => _left == 0;

    public override Encoding Encoding => output.Encoding;

    public override void Write(char value)
    {
        if (_left > 0)
        {
            output.Write(IsPlain(value) ? value : '?');
            if (--_left == 0)
            {
                output.WriteLine();
                output.WriteLine($"(cut short after {MostCharacters} characters)");
            }
        }
    }

    private static bool IsPlain(char value) => value is '\n' or '\r' or (>= ' ' and <= '~');
}
