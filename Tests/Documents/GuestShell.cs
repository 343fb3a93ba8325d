using System.Diagnostics;
using System.Text;

namespace RiscvXv6.Tests.Documents;

/// <summary>A guest's shell behind the standard streams of the program that runs it.</summary>
internal sealed class GuestShell : IDisposable
{
    private const string Prompt = "$ ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _printed = new();

    /// <param name="command">For the host's shell.</param>
    /// <param name="folder">Where it runs.</param>
    public GuestShell(string command, string folder)
    {
        var start = new ProcessStartInfo("bash", ["-c", "exec " + command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = folder,
        };
        start.Environment.Remove("RISCVXV6_ARGS");
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, e) => Errors.AppendLine(e.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>What it wrote to standard error.</summary>
    public StringBuilder Errors { get; } = new();

    /// <summary>Everything printed up to the next prompt.</summary>
    /// <exception cref="TimeoutException">There was none.</exception>
    public string ReadToPrompt()
    {
        using var limit = new Timer(_ => _process.Kill(), null, Patience, Timeout.InfiniteTimeSpan);
        _printed.Clear();
        for (int read; (read = _process.StandardOutput.Read()) >= 0;)
        {
            _printed.Append((char)read);
            if (read == Prompt[1] && _printed.Length > 1 && _printed[^2] == Prompt[0])
            {
                return _printed.ToString();
            }
        }

        throw new TimeoutException($"no prompt after: {_printed}{Errors}");
    }

    public void Type(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    /// <summary>Ctrl-A x, and the exit code.</summary>
    public int Quit()
    {
        Type("\u0001x");
        _process.WaitForExit(Patience);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
