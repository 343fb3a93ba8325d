using System.Globalization;
using System.Text;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>
/// The folder in which a run of tests leaves what may be looked at later: for each case a transcript, a capture, a report.
/// </summary>
internal sealed class TestArtifacts
{
    private const int LongestName = 80;

    private readonly string _folder;
    private readonly Dictionary<GuestTest, string> _names = new(ReferenceEqualityComparer.Instance);

    /// <exception cref="UsageException">The folder can't be made.</exception>
    public TestArtifacts(string folder, IReadOnlyList<GuestTest> tests)
    {
        _folder = folder;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--artifacts: {folder}: can't be made: {HostError.Reason(e)}", e);
        }

        foreach (var (index, test) in tests.Index())
        {
            string name = string.Concat(test.Case.Name.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '=' ? c : '-'))
                .Trim('-', '.');
            _names[test] = string.Create(CultureInfo.InvariantCulture, $"{index + 1:000}-{name[..Math.Min(name.Length, LongestName)]}");
        }
    }

    public string Transcript(GuestTest test) => $"{_names[test]}.txt";

    public string Capture(GuestTest test, int boot) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{_names[test]}{(boot == 1 ? "" : $"-boot{boot}")}.pcapng"));

    /// <exception cref="UsageException">A file can't be written.</exception>
    public void Write(TestOutcome outcome)
    {
        if (outcome.Result is not { } result)
        {
            return;
        }

        Write(Transcript(outcome.Test), Encoding.Latin1.GetBytes(result.Transcript));
        if (outcome.Failure is { } failure)
        {
            Write($"{_names[outcome.Test]}.report.txt", Encoding.UTF8.GetBytes(FailureText.Of(outcome, failure)));
        }
    }

    private void Write(string name, byte[] bytes)
    {
        using var file = PacketFiles.OpenFile("--artifacts", Path.Combine(_folder, name));
        file.Write(bytes);
    }
}
