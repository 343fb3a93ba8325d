using System.Diagnostics;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cli;

/// <summary>The program in a real terminal of its own, that of a tmux session: a person's window, without the person.</summary>
internal sealed class TerminalWindow : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("riscvxv6-tmux-").FullName;
    private readonly string _tmux = Requirement.Tool("tmux", "tmux");

    /// <summary>Starts the program as a job; a shell notes the terminal's settings before and after.</summary>
    /// <param name="arguments">The program's.</param>
    /// <param name="inBackground">With <c>&amp;</c>; <see cref="Continue"/> brings it to the foreground.</param>
    public TerminalWindow(string arguments, bool inBackground = false)
    {
        string program = $"sh -c 'echo $$ >pid; exec dotnet \"{BuiltProgram.Assembly}\" {arguments}'";
        File.WriteAllText(Path.Combine(_folder, "job.sh"), $"""
            set -m
            stty -a >before
            {program}{(inBackground ? " &" : "")}
            code=$?
            {(inBackground ? "while [ ! -e go ]; do sleep 0.1; done; rm go; fg %1; code=$?" : "")}
            while jobs %1 >/dev/null 2>&1; do
                stty -a >stopped.new; mv stopped.new stopped
                while [ ! -e go ]; do [ -e bg ] && rm bg && bg %1; sleep 0.1; done
                rm go
                fg %1
                code=$?
            done
            stty -a >after
            echo $code >code.new; mv code.new code
            sleep 600

            """);
        Tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "40", "-c", _folder, "bash job.sh");
    }

    /// <summary>What the window shows, without blanks at the ends of lines.</summary>
    public string Screen => Tmux("capture-pane", "-p");

    public string Settings(string file) => Await(file);

    public int ProcessId => int.Parse(Await("pid"), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The terminal's settings at present.</summary>
    public string SettingsNow() => Capture("stty", ["-a", "-F", Tmux("display-message", "-p", "#{pane_tty}").Trim()]);

    /// <summary>Keys as tmux names them: <c>C-a</c>, <c>Enter</c>, or text.</summary>
    public void Press(params string[] keys) => Tmux(["send-keys", .. keys]);

    public void WaitFor(string text) => Eventually(() => Screen.Contains(text, StringComparison.Ordinal), () => $"no '{text}' in\n{Screen}");

    public void Signal(string name) => Capture("kill", ["-" + name, $"{ProcessId}"]);

    /// <summary>Waits until the program is stopped, and returns the terminal's settings then.</summary>
    public string WaitForStop() => Await("stopped");

    /// <summary>Says <c>bg</c>.</summary>
    public void ContinueInBackground() => File.WriteAllText(Path.Combine(_folder, "bg"), "");

    /// <summary>The kernel's letter for what the program does: T for stopped.</summary>
    public char ProcessState() => File.ReadAllText($"/proc/{ProcessId}/stat").Split(") ")[1][0];

    /// <summary>Says <c>fg</c>.</summary>
    public void Continue() => File.WriteAllText(Path.Combine(_folder, "go"), "");

    /// <summary>Waits for the program's exit code.</summary>
    public int WaitForExit() => int.Parse(Await("code"), System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose()
    {
        Tmux("kill-server");
        Directory.Delete(_folder, recursive: true);
    }

    private static string Capture(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private static void Eventually(Func<bool> holds, Func<string> complaint)
    {
        var watch = Stopwatch.StartNew();
        while (!holds())
        {
            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException(complaint());
            }

            Thread.Sleep(50);
        }
    }

    private string Await(string name)
    {
        string path = Path.Combine(_folder, name);
        Eventually(() => File.Exists(path) && new FileInfo(path).Length > 0, () => $"no {name}; the window shows\n{Screen}");
        return File.ReadAllText(path);
    }

    /// <summary>A server of its own, named by the folder, so that a user's sessions are left alone.</summary>
    private string Tmux(params string[] arguments) => Capture(_tmux, ["-L", Path.GetFileName(_folder), .. arguments]);
}
