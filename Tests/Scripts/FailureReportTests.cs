using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NUnit.Framework;
using RiscvXv6.Emulator.Cli.Scripts;
using RiscvXv6.Emulator.Scripts;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Scripts;

/// <summary>
/// Scripts that fail on purpose, each in its own way, and what is said of them, as a person and as a program reads it. After a change:
/// <c>RISCVXV6_UPDATE_GOLDENS=1 dotnet test Tests --filter FailureReportTests</c>, and look at the difference.
/// </summary>
internal sealed class FailureReportTests
{
    private static readonly string Folder = RepositoryFiles.PathOf("Tests", "Scripts", "Failures");

    /// <summary>What must be said of each.</summary>
    private static readonly Dictionary<string, ScriptFailureKind> Kinds = new()
    {
        ["disk"] = ScriptFailureKind.Disk,
        ["ended"] = ScriptFailureKind.Ended,
        ["escapes"] = ScriptFailureKind.NotSeen,
        ["exit-code"] = ScriptFailureKind.Ended,
        ["hang"] = ScriptFailureKind.NotSeen,
        ["machine-off"] = ScriptFailureKind.Impossible,
        ["no-write"] = ScriptFailureKind.NotSeen,
        ["not-expected"] = ScriptFailureKind.NotExpected,
        ["not-seen"] = ScriptFailureKind.NotSeen,
        ["rejected"] = ScriptFailureKind.Rejected,
        ["strange-kernel"] = ScriptFailureKind.Machine,
    };

    private ImmutableArray<TestOutcome> _outcomes;

    [OneTimeSetUp]
    public void RunAll() => _outcomes = [.. Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal)
        .SelectMany(static file => ScriptReader.Read(file, File.ReadAllBytes(file), []).Tests)
        .Select(ScriptFile.Run)];

    [Test]
    public void Every_script_fails_in_its_own_way() => Assert.That(
        _outcomes.ToDictionary(static outcome => Path.GetFileNameWithoutExtension(outcome.Test.Case.Place.File), static outcome => outcome.Failure!.Kind),
        Is.EquivalentTo(Kinds));

    [Test]
    public void Their_reports_read_as_they_always_did()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var outcome in _outcomes)
            {
                string golden = Path.ChangeExtension(outcome.Test.Case.Place.File, ".txt");
                string report = WithoutMachine(Report(outcome));
                if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1")
                {
                    File.WriteAllText(golden, report);
                }

                Assert.That(report, Is.EqualTo(File.ReadAllText(golden)), golden);
            }
        }
    }

    /// <summary>What the block says of each is the diagnostics' own affair, and tested there.</summary>
    [Test]
    public void Harts_are_shown_with_symbols_where_it_matters_what_they_do()
    {
        string[] shown = [.. _outcomes.Where(static outcome => Report(outcome).Contains("  the machine:\n    | ", StringComparison.Ordinal))
            .Select(static outcome => Path.GetFileNameWithoutExtension(outcome.Test.Case.Place.File))];
        Assert.That(shown, Is.EqualTo(new[] { "ended", "escapes", "exit-code", "hang", "no-write", "not-seen", "rejected" }));
        string report = Report(_outcomes.Single(static outcome => outcome.Test.Case.Script == "not-seen"));
        Assert.That(report, Does.Match(@"\| hart 0 .*\n    \|   #0 scheduler\+0x").And.Contain("hart 2 ").And.Contain(" cat "));
    }

    [Test]
    public void No_line_of_a_report_is_the_guests_own()
    {
        foreach (string line in _outcomes.SelectMany(static outcome => Report(outcome).Split('\n')))
        {
            Assert.That(line, Does.StartWith("  ").Or.Empty);
            Assert.That(line.TrimStart(), Does.Not.StartWith("::"));
            Assert.That(line.Any(static c => c is < ' ' or > '~'), Is.False, line);
        }
    }

    /// <summary>The XML is read back by a parser that knows nothing of how it was made.</summary>
    [Test]
    public void The_JUnit_file_has_every_failure_where_readers_look_for_it()
    {
        using var stream = new MemoryStream();
        JUnitFile.Write(stream, [.. _outcomes, _outcomes[0] with { Result = null }, Passed()]);
        stream.Position = 0;
        var root = XDocument.Load(stream).Root!;
        var cases = root.Elements("testsuite").Elements("testcase").ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(root.Name.LocalName, Is.EqualTo("testsuites"));
            Assert.That(Counts(root), Is.EqualTo((_outcomes.Length + 2, _outcomes.Length - 1, 1, 1)));
            Assert.That(root.Elements("testsuite").Sum(static suite => Counts(suite).Tests), Is.EqualTo(_outcomes.Length + 2));
            Assert.That(cases.Select(static test => (string?)test.Attribute("name")), Has.None.Empty.And.None.Null);
            Assert.That(cases.Count(static test => test.Element("failure") is not null), Is.EqualTo(_outcomes.Length - 1));
            Assert.That(cases.Count(static test => test.Element("error") is not null), Is.EqualTo(1));
            Assert.That(cases.Count(static test => test.Element("skipped") is not null), Is.EqualTo(1));
            Assert.That(cases.Count(static test => !test.HasElements), Is.EqualTo(1));
            Assert.That(
                cases.Elements("failure").Select(static failure => failure.Value.ReplaceLineEndings("\n")),
                Is.EqualTo(_outcomes.Where(static outcome => outcome.Failure!.Kind != ScriptFailureKind.Machine)
                    .Select(static outcome => FailureText.Of(outcome, outcome.Failure!))));
            Assert.That(cases[0].Attribute("line")!.Value, Is.EqualTo("9"), "the step's, where a reader marks it");
        }
    }

    [Test]
    public void The_JSON_file_says_the_same()
    {
        using var stream = new MemoryStream();
        JsonFile.Write(stream, [.. _outcomes, _outcomes[0] with { Result = null }, Passed()], static _ => null);
        using var document = JsonDocument.Parse(stream.ToArray());
        var root = document.RootElement;
        var cases = root.GetProperty("cases").EnumerateArray().ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                (root.GetProperty("version").GetInt32(), root.GetProperty("passed").GetInt32(), root.GetProperty("failed").GetInt32(), root.GetProperty("notRun").GetInt32()),
                Is.EqualTo((1, 1, _outcomes.Length, 1)));
            Assert.That(
                cases.Select(static test => test.GetProperty("outcome").GetString()),
                Is.EqualTo(_outcomes.Select(static _ => "failed").Append("notRun").Append("passed")));
            Assert.That(
                cases.Take(_outcomes.Length).Select(static test => test.GetProperty("failure").GetProperty("kind").GetString()),
                Is.EqualTo(_outcomes.Select(static outcome => outcome.Failure!.Kind.ToString())));
            Assert.That(cases[0].GetProperty("failure").GetProperty("line").GetInt32(), Is.EqualTo(9));
            Assert.That(cases[^1].GetProperty("cycles").GetUInt64(), Is.GreaterThan(1_000_000));
            Assert.That(cases[7].GetProperty("variables").GetProperty("word").GetString(), Is.EqualTo("it's here"));
        }
    }

    /// <summary>GitHub's documentation of workflow commands has the escapes.</summary>
    [Test]
    public void An_annotation_is_one_line_in_which_nothing_ends_it_early() => Assert.That(
        GitHubAnnotations.Error("a,b:c%.yaml", 3, 5, "t: 1, 2", "100%\r\nof: it, too"),
        Is.EqualTo("::error file=a%2Cb%3Ac%25.yaml,line=3,col=5,title=t%3A 1%2C 2::100%25%0D%0Aof: it, too\n"));

    private static TestOutcome Passed() => ScriptFile.Run("- wait for: '$ '");

    private static string Report(TestOutcome outcome) =>
        FailureText.Of(outcome, outcome.Failure!).Replace(RepositoryFiles.Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    private static string WithoutMachine(string report) => Regex.Replace(report, @"  the machine:\n(    \|.*\n)+", "  the machine: (left out)\n");

    private static (int Tests, int Failures, int Errors, int Skipped) Counts(XElement element) =>
        ((int)element.Attribute("tests")!, (int)element.Attribute("failures")!, (int)element.Attribute("errors")!, (int)element.Attribute("skipped")!);
}
