using System.Collections.Immutable;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Verbs;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>What <c>riscvxv6 test</c> was asked to do.</summary>
/// <param name="Scripts">Files, at least one.</param>
/// <param name="Choices">Values for variables and options.</param>
/// <param name="Jobs">Cases that run at a time; 1 or more.</param>
internal sealed record TestCommand(ImmutableArray<string> Scripts, ImmutableArray<ScriptChoice> Choices, int Jobs)
{
    private const int MostJobs = 256;

    /// <summary>Part of a case's name, in which * stands for anything; null for all.</summary>
    public string? Only { get; init; }

    /// <summary>Print the cases only.</summary>
    public bool Lists { get; init; }

    public string? JUnitPath { get; init; }

    public string? JsonPath { get; init; }

    public string? ArtifactsFolder { get; init; }

    /// <exception cref="UsageException">One line for the user.</exception>
    public static TestCommand Of(TestVerb verb)
    {
        ImmutableArray<string> scripts = [.. verb.Scripts];
        if (scripts.IsEmpty)
        {
            throw new UsageException("test: no script given; name YAML files (docs/guest-tests.md)");
        }

        var choices = new List<ScriptChoice>();
        Add("--harts", "harts", verb.Harts?.Split(','));
        Add("--seeds", "hart-seed", verb.Seeds?.Split(','));
        foreach (string setting in verb.Settings)
        {
            int equals = setting.IndexOf('=');
            if (equals <= 0 || equals == setting.Length - 1)
            {
                throw new UsageException($"test: --set: {OptionValues.Quote(setting)} is no setting; write NAME=VALUE");
            }

            Add("--set", setting[..equals], [setting[(equals + 1)..]]);
        }

        foreach (var (option, path) in (ReadOnlySpan<(string, string?)>)
            [("--junit", verb.JUnit), ("--json", verb.Json), ("--artifacts", verb.Artifacts), ("--only", verb.Only)])
        {
            if (path == "")
            {
                throw new UsageException($"test: {option}: is empty");
            }
        }

        return new TestCommand(
            scripts,
            [.. choices],
            verb.Jobs is null ? Environment.ProcessorCount : OptionValues.Whole("test: --jobs", verb.Jobs, 1, MostJobs))
        {
            Only = verb.Only,
            Lists = verb.Lists,
            JUnitPath = verb.JUnit,
            JsonPath = verb.Json,
            ArtifactsFolder = verb.Artifacts,
        };

        void Add(string option, string name, IReadOnlyList<string>? texts)
        {
            if (texts is null)
            {
                return;
            }

            if (choices.Exists(choice => choice.Name == name))
            {
                throw new UsageException($"test: {option}: {OptionValues.Quote(name)} has a value already; give one, or a range: 1..8");
            }

            var values = ImmutableArray.CreateBuilder<string>();
            foreach (string text in texts)
            {
                values.AddRange(ScriptValues.Range(text, out string error));
                if (error.Length > 0 || text.Length == 0)
                {
                    throw new UsageException($"test: {option}: {(error.Length > 0 ? error : "a value is empty")}");
                }
            }

            choices.Add(new ScriptChoice(name, values.ToImmutable()));
        }
    }
}
