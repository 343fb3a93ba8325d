using System.Diagnostics;
using System.Text;

namespace RiscvXv6.Tests.Support;

/// <summary>A program whose console is its standard input and output, with a script at the keyboard.</summary>
internal static class ScriptedProcess
{
    /// <summary>Runs the program until it ends, the script says that the run is over, or the time is up.</summary>
    /// <returns>With no exit code if the script or the limit ended it; with its standard error as notices.</returns>
    public static GuestRun Run(string program, IEnumerable<string> arguments, IReadOnlyList<Typing> typings, int limitHostSeconds)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var script = new ConsoleScript(typings);
        bool stopped = false;
        using var limit = new Timer(
            _ =>
            {
                stopped = true;
                process.Kill();
            },
            null,
            TimeSpan.FromSeconds(limitHostSeconds),
            Timeout.InfiniteTimeSpan);
        for (int printed; (printed = process.StandardOutput.Read()) >= 0;)
        {
            if (script.Take((char)printed) is { } text)
            {
                Type(process, text);
            }

            if (script.IsOver && !stopped)
            {
                stopped = true;
                process.Kill();
            }
        }

        process.WaitForExit();
        return new GuestRun(script.Output, stopped ? null : process.ExitCode)
        {
            Notices = errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries),
        };
    }

    private static void Type(Process process, string text)
    {
        try
        {
            process.StandardInput.Write(text);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It ended meanwhile; its exit code says how.
        }
    }
}
