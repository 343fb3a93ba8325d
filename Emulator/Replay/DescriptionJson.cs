using System.Collections.Immutable;
using System.Text.Json;

namespace RiscvXv6.Emulator.Replay;

/// <summary>
/// A <see cref="RunDescription"/> as JSON, so that a person can see what a record is of. What is read is nobody's word: every
/// member is checked, and members that this version does not know are passed over.
/// </summary>
internal static class DescriptionJson
{
    private const int TextsMax = 4096;
    private const int TextMaxLength = 64 * 1024;
    private const int Sha256Digits = 64;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8 };

    public static byte[] Write(RunDescription description)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("program", description.Program);
            json.WriteStartArray("arguments");
            foreach (string argument in description.Arguments)
            {
                json.WriteStringValue(argument);
            }

            json.WriteEndArray();
            WriteOptional(json, "environment", description.Environment);
            json.WriteString("directory", description.Directory);
            json.WriteBoolean("terminal", description.IsTerminal);
            json.WriteNumber("utc_ns", description.UtcNanoseconds);
            json.WriteNumber("local_ns", description.LocalNanoseconds);
            WriteOptional(json, "resolver", description.Resolver);
            json.WriteStartArray("files");
            foreach (var (role, path, size, sha256) in description.Files)
            {
                json.WriteStartObject();
                json.WriteString("role", role);
                WriteFile(json, path, size, sha256);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("disks");
            foreach (var (id, path, size, sha256, isKept) in description.Disks)
            {
                json.WriteStartObject();
                json.WriteString("drive", id);
                WriteFile(json, path, size, sha256);
                json.WriteBoolean("kept", isKept);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <returns>Null if it is not such a description.</returns>
    public static RunDescription? Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            // InvalidOperationException: a text with half a surrogate pair.
            return null;
        }
    }

    private static RunDescription Read(JsonElement root) => new()
    {
        Program = Text(root, "program"),
        Arguments = [.. Elements(root, "arguments").Select(Text)],
        Environment = OptionalText(root, "environment"),
        Directory = Text(root, "directory"),
        IsTerminal = Switch(root, "terminal"),
        UtcNanoseconds = Number(root, "utc_ns"),
        LocalNanoseconds = Number(root, "local_ns"),
        Resolver = OptionalText(root, "resolver"),
        Files = [.. Elements(root, "files").Select(static file => new RecordedFile(
            Text(file, "role"), Text(file, "path"), Size(file), Sha256(file)))],
        Disks = [.. Elements(root, "disks").Select(static disk => new RecordedDisk(
            Text(disk, "drive"), Text(disk, "path"), Size(disk), Sha256(disk), Switch(disk, "kept")))],
    };

    private static void WriteFile(Utf8JsonWriter json, string path, long size, string sha256)
    {
        json.WriteString("path", path);
        json.WriteNumber("bytes", size);
        json.WriteString("sha256", sha256);
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member)
            ? member
            : throw new InvalidDataException(name);

    private static ImmutableArray<JsonElement> Elements(JsonElement parent, string name)
    {
        var array = Member(parent, name);
        return array.ValueKind == JsonValueKind.Array && array.GetArrayLength() <= TextsMax
            ? [.. array.EnumerateArray()]
            : throw new InvalidDataException(name);
    }

    private static string Text(JsonElement parent, string name) => Text(Member(parent, name));

    private static string Text(JsonElement element) =>
        element.ValueKind == JsonValueKind.String && element.GetString() is { Length: <= TextMaxLength } text && !text.Contains('\0')
            ? text
            : throw new InvalidDataException("a text");

    private static string? OptionalText(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? Text(member) : null;

    private static bool Switch(JsonElement parent, string name)
    {
        var member = Member(parent, name);
        return member.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? member.ValueKind == JsonValueKind.True
            : throw new InvalidDataException(name);
    }

    private static ulong Number(JsonElement parent, string name)
    {
        var member = Member(parent, name);
        return member.ValueKind == JsonValueKind.Number && member.TryGetUInt64(out ulong number)
            ? number
            : throw new InvalidDataException(name);
    }

    private static long Size(JsonElement parent) =>
        Number(parent, "bytes") is var size and <= long.MaxValue ? (long)size : throw new InvalidDataException("bytes");

    private static string Sha256(JsonElement parent)
    {
        string text = Text(parent, "sha256");
        return text.Length == Sha256Digits && text.All(char.IsAsciiHexDigitLower)
            ? text
            : throw new InvalidDataException("sha256");
    }
}
