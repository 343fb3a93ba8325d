using System.Diagnostics;
using System.Text;
using NUnit.Framework;

namespace RiscvXv6.Tests.Xv6.Network;

/// <summary>The guest, running by itself, with the test at its keyboard: for what takes two machines.</summary>
internal abstract class LiveGuest : IDisposable
{
    private const int PatienceSeconds = 120;

    private readonly StringBuilder _output = new();
    private int _seen;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public abstract void Type(string text);

    /// <summary>Types a line once the shell asks for one.</summary>
    public void Command(string line)
    {
        WaitFor("$ ");
        Type(line + "\n");
    }

    /// <summary>Waits for a text behind what was waited for before.</summary>
    public void WaitFor(string text)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            string output = Output;
            int at = output.IndexOf(text, _seen, StringComparison.Ordinal);
            if (at >= 0)
            {
                _seen = at + text.Length;
                return;
            }

            Assert.That(watch.Elapsed.TotalSeconds, Is.LessThan(PatienceSeconds), $"no '{text}' in\n{output}");
            Thread.Sleep(5);
        }
    }

    public abstract void Dispose();

    protected void Print(char printed)
    {
        lock (_output)
        {
            _output.Append(printed);
        }
    }
}
