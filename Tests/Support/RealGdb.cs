using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace RiscvXv6.Tests.Support;

/// <summary>Debian's gdb, with somebody who types a command when the prompt is there.</summary>
internal sealed class RealGdb : IDisposable
{
    private const string Prompt = "(gdb) ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _transcript = new();

    /// <param name="program">The file whose symbols it reads.</param>
    public RealGdb(string program)
    {
        string gdb = Requirement.Tool("gdb-multiarch", package: "gdb-multiarch");

        // Errors among the answers, as on a terminal.
        string[] arguments =
        [
            "-c", "exec \"$@\" 2>&1", "sh", gdb, "-nx", "-q", "-iex", "set pagination off", "-iex", "set confirm off", "-iex", "set width 0",
            "-iex", "set style enabled off", "-iex", "set debuginfod enabled off", "-d", RepositoryFiles.PathOf("xv6-guest-image"), program,
        ];
        _process = Process.Start(new ProcessStartInfo("sh", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = RepositoryFiles.Root,
        })!;
        TakeAnswer();
        _transcript.Clear();
    }

    /// <summary>What a terminal would show, with the repository's place and ports made the same everywhere.</summary>
    public string Transcript => _transcript.ToString().Replace(RepositoryFiles.Root + Path.DirectorySeparatorChar, "");

    /// <summary>Types a command.</summary>
    /// <returns>What it printed.</returns>
    public string Do(string command)
    {
        Type(command);
        return TakeAnswer();
    }

    /// <summary>Types a command that does not come back by itself.</summary>
    public void Type(string command)
    {
        _transcript.Append(Prompt).Append(command).Append('\n');
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
    }

    /// <summary>Connects to a port of this host; the transcript does not say which.</summary>
    public void Connect(int port)
    {
        int start = _transcript.Length;
        Do($"target remote 127.0.0.1:{port}");
        _transcript.Replace(port.ToString(CultureInfo.InvariantCulture), "PORT", start, _transcript.Length - start);
    }

    /// <summary>Lets the machine run, and waits until gdb says so.</summary>
    public void Continue()
    {
        Type("continue");
        foreach (char expected in "Continuing.\n")
        {
            int character = _process.StandardOutput.Read();
            _transcript.Append((char)character);
            if (character != expected)
            {
                throw new InvalidDataException($"it does not continue: {_transcript}");
            }
        }
    }

    /// <summary>Presses Ctrl-C.</summary>
    /// <returns>What was printed until the prompt came.</returns>
    public string Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        kill.WaitForExit();
        return TakeAnswer();
    }

    /// <summary>Vanishes, without a word to anybody.</summary>
    public void Vanish()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>Reads up to the next prompt.</summary>
    private string TakeAnswer()
    {
        using var limit = new Timer(_ => _process.Kill(), null, Patience, Timeout.InfiniteTimeSpan);
        var answer = new StringBuilder();
        while (!EndsWithPrompt(answer))
        {
            int character = _process.StandardOutput.Read();
            if (character < 0)
            {
                throw new TimeoutException($"gdb ended, or gave no prompt in time: {_transcript}{answer}");
            }

            answer.Append((char)character);
        }

        answer.Length -= Prompt.Length;

        // In a fresh clone any file may be the newer one.
        answer.Replace("warning: Source file is more recent than executable.\n", "");
        _transcript.Append(answer);
        return answer.ToString();
    }

    private static bool EndsWithPrompt(StringBuilder text) =>
        text.Length >= Prompt.Length && text.ToString(text.Length - Prompt.Length, Prompt.Length) == Prompt;
}
