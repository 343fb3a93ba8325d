namespace RiscvXv6.Benchmarks.Comparison;

/// <summary>One line at the bottom of a terminal that says what is running; nothing at all elsewhere.</summary>
internal sealed class ProgressLine
{
    private const string EraseLine = "\r\u001b[K";
    private readonly bool _live = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    public void Show(string text)
    {
        if (_live)
        {
            Console.Write(EraseLine + text);
        }
    }

    public void Clear() => Show("");
}
