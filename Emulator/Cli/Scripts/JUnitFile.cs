using System.Globalization;
using System.Text;
using System.Xml;
using RiscvXv6.Emulator.Scripts;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>Results as JUnit's XML, as CI systems read it: a suite for each script, in it its cases.</summary>
internal static class JUnitFile
{
    public static void Write(Stream stream, IReadOnlyList<TestOutcome> outcomes)
    {
        var settings = new XmlWriterSettings
        {
            Indent = true,
            IndentChars = "  ",
            NewLineChars = "\n",
            Encoding = new UTF8Encoding(false),
            CheckCharacters = true,
        };
        using var xml = XmlWriter.Create(stream, settings);
        xml.WriteStartElement("testsuites");
        xml.WriteAttributeString("name", "riscvxv6 test");
        WriteCounts(xml, outcomes);
        foreach (var suite in outcomes.GroupBy(static outcome => outcome.Test.Case.Place.File))
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", Valid(suite.First().Test.Case.Script));
            xml.WriteAttributeString("file", Valid(suite.Key));
            WriteCounts(xml, [.. suite]);
            foreach (var outcome in suite)
            {
                WriteCase(xml, outcome);
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteCase(XmlWriter xml, TestOutcome outcome)
    {
        var test = outcome.Test.Case;
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", Valid(test.Name));
        xml.WriteAttributeString("classname", Valid(test.Script));
        xml.WriteAttributeString("file", Valid(test.Place.File));
        xml.WriteAttributeString("line", (outcome.Failure?.Place.Line ?? test.Place.Line).ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("time", Seconds(outcome.HostSeconds));
        if (outcome.IsIncomplete)
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", outcome.Result is null ? "not run" : "interrupted");
            xml.WriteEndElement();
        }
        else if (outcome.Failure is { } failure)
        {
            xml.WriteStartElement(IsError(failure) ? "error" : "failure");
            xml.WriteAttributeString("type", failure.Kind.ToString());
            xml.WriteAttributeString("message", Valid($"{failure.Step}: {failure.Message}"));
            xml.WriteString(Valid(FailureText.Of(outcome, failure)));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteCounts(XmlWriter xml, IReadOnlyList<TestOutcome> outcomes)
    {
        Write("tests", outcomes.Count);
        Write("failures", outcomes.Count(static outcome => outcome.Failure is { } failure && !IsError(failure)));
        Write("errors", outcomes.Count(static outcome => outcome.Failure is { } failure && IsError(failure)));
        Write("skipped", outcomes.Count(static outcome => outcome.IsIncomplete));
        xml.WriteAttributeString("time", Seconds(outcomes.Sum(static outcome => outcome.HostSeconds)));

        void Write(string name, int value) => xml.WriteAttributeString(name, value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Says nothing of the guest.</summary>
    private static bool IsError(ScriptFailure failure) => failure.Kind is ScriptFailureKind.HostTime or ScriptFailureKind.Machine;

    private static string Seconds(double seconds) => seconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>Without what XML has no way to write.</summary>
    private static string Valid(string text) => text.All(XmlConvert.IsXmlChar)
        ? text
        : string.Concat(text.Select(static c => XmlConvert.IsXmlChar(c) ? c : '?'));
}
