using System.Text;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Benchmarks.Packets;

/// <summary>Types the next line whenever a shell shows its prompt, and keeps what was printed after each.</summary>
/// <param name="lines">What to type, in order.</param>
internal sealed class GuestConsole(IReadOnlyList<string> lines) : IConsoleSink
{
    private readonly StringBuilder _text = new();
    private readonly List<string> _answers = [];
    private int _typed;

    /// <summary>How lines reach the guest.</summary>
    public Action<byte[]>? Type { get; set; }

    /// <summary>Called when the prompt shows and there is nothing left to type.</summary>
    public Action? Finished { get; set; }

    /// <summary>What was printed since the last line was typed.</summary>
    public string Text => _text.ToString();

    /// <summary>What was printed after each line that was typed, up to the next prompt.</summary>
    public IReadOnlyList<string> Answers => _answers;

    public void Write(byte value)
    {
        _text.Append((char)value);
        if (value != ' ' || _text.Length < 2 || _text[^2] != '$')
        {
            return;
        }

        if (_typed > 0)
        {
            _answers.Add(Text);
        }

        if (_typed == lines.Count)
        {
            Finished?.Invoke();
            return;
        }

        _text.Clear();
        Type?.Invoke(Encoding.ASCII.GetBytes(lines[_typed++] + "\n"));
    }

    public void Flush()
    {
    }
}
