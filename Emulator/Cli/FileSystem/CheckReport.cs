using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiscvXv6.Guest.Xv6Fs;

namespace RiscvXv6.Emulator.Cli.FileSystem;

/// <summary>What <c>fs check</c> prints: a line for each finding and a summary, or the same as JSON.</summary>
internal static class CheckReport
{
    private static readonly JsonWriterOptions s_json = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text(string image, FsReport report)
    {
        var text = new StringBuilder();
        foreach (var finding in report.Findings)
        {
            text.Append($"{Word(finding.Severity)} {finding.Id}: {finding.Message}{Place(finding)}\n");
        }

        if (report.Omitted > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"and {report.Omitted} more\n");
        }

        return text.Append(image).Append(": ").Append(Summary(report)).Append('\n').ToString();
    }

    public static string Json(string image, FsReport report)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, s_json))
        {
            json.WriteStartObject();
            json.WriteString("image", image);
            json.WriteBoolean("consistent", report.IsConsistent);
            json.WriteBoolean("needsRecovery", report.NeedsRecovery);
            json.WriteNumber("errors", report.Errors);
            json.WriteNumber("warnings", report.Warnings);
            json.WriteNumber("omitted", report.Omitted);
            if (report.Geometry is { } geometry)
            {
                json.WriteNumber("blocks", geometry.Size);
                json.WriteNumber("freeBlocks", report.FreeBlocks);
                json.WriteNumber("inodes", geometry.Inodes);
                json.WriteNumber("usedInodes", report.UsedInodes);
            }

            json.WriteStartArray("findings");
            foreach (var finding in report.Findings)
            {
                WriteFinding(json, finding);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static void WriteFinding(Utf8JsonWriter json, FsFinding finding)
    {
        json.WriteStartObject();
        json.WriteString("kind", finding.Id);
        json.WriteString("severity", Word(finding.Severity));
        json.WriteString("message", finding.Message);
        WriteNumber("block", finding.Block);
        WriteNumber("inode", finding.Inode);
        WriteNumber("byte", finding.ByteOffset);
        if (finding.Path is { } path)
        {
            json.WriteString("path", path);
        }

        json.WriteEndObject();

        void WriteNumber(string name, long? value)
        {
            if (value is { } number)
            {
                json.WriteNumber(name, number);
            }
        }
    }

    private static string Place(FsFinding finding)
    {
        var places = new List<string>();
        if (finding.Path is { } path)
        {
            places.Add(path);
        }

        if (finding.ByteOffset is { } offset)
        {
            places.Add(string.Create(CultureInfo.InvariantCulture, $"byte 0x{offset:x}"));
        }

        return places.Count == 0 ? "" : $" ({string.Join(", ", places)})";
    }

    private static string Summary(FsReport report)
    {
        string verdict = report.IsConsistent ? "consistent" : $"inconsistent, {Count(report.Errors, "error")}";
        string warnings = report.Warnings == 0 ? "" : $", {Count(report.Warnings, "warning")}";
        string recovery = report.NeedsRecovery ? ", needs recovery" : "";
        string sizes = report.Geometry is { } geometry
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"; {geometry.Size} blocks, {report.FreeBlocks} free; {geometry.Inodes} inodes, {report.UsedInodes} used")
            : "";
        return verdict + warnings + recovery + sizes;
    }

    private static string Count(int number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private static string Word(FsSeverity severity) => severity switch
    {
        FsSeverity.Error => "error",
        FsSeverity.Warning => "warning",
        _ => "state",
    };
}
