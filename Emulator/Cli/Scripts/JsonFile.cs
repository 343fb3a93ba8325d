using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>Results as JSON. But for <c>hostSeconds</c> nothing in it depends on the host.</summary>
internal static class JsonFile
{
    /// <summary>Of the file; another number when a reader would have to change.</summary>
    private const int Version = 1;

    public static void Write(Stream stream, IReadOnlyList<TestOutcome> outcomes, Func<GuestTest, string?> artifact)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteNumber("passed", outcomes.Count(static outcome => outcome.Passed));
        json.WriteNumber("failed", outcomes.Count(static outcome => outcome.Failure is not null));
        json.WriteNumber("notRun", outcomes.Count(static outcome => outcome.IsIncomplete));
        json.WriteStartArray("cases");
        foreach (var outcome in outcomes)
        {
            Write(json, outcome, artifact(outcome.Test));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TestOutcome outcome, string? artifact)
    {
        var test = outcome.Test.Case;
        json.WriteStartObject();
        json.WriteString("script", test.Script);
        json.WriteString("file", test.Place.File);
        json.WriteStartObject("variables");
        foreach (var (name, value) in test.Variables)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteString("outcome", outcome.Passed ? "passed" : outcome.IsIncomplete ? "notRun" : "failed");
        json.WriteBoolean("repeatable", !outcome.Test.ReachesHost);
        json.WriteString("again", outcome.Test.Command);
        json.WriteNumber("hostSeconds", Math.Round(outcome.HostSeconds, 3));
        if (outcome.Result is { } result)
        {
            json.WriteNumber("guestNanoseconds", result.GuestNanoseconds);
            json.WriteNumber("cycles", result.Cycles);
            json.WriteNumber("instructions", result.Instructions);
            json.WriteString("transcriptSha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(result.Transcript))));
        }

        if (artifact is not null)
        {
            json.WriteString("transcript", artifact);
        }

        if (outcome.Failure is { } failure)
        {
            json.WriteStartObject("failure");
            json.WriteString("kind", failure.Kind.ToString());
            json.WriteString("file", failure.Place.File);
            json.WriteNumber("line", failure.Place.Line);
            json.WriteNumber("column", failure.Place.Column);
            json.WriteString("step", failure.Step);
            json.WriteString("message", failure.Message);
            json.WriteStartArray("findings");
            foreach (string finding in failure.Findings.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                json.WriteStringValue(finding);
            }

            json.WriteEndArray();
            json.WriteString("report", FailureText.Of(outcome, failure));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
