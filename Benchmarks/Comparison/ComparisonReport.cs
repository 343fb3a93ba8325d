using System.Text.Encodings.Web;
using System.Text.Json;

namespace RiscvXv6.Benchmarks.Comparison;

/// <summary>A whole session, as <c>--json</c> writes it and <c>--compare</c> reads it.</summary>
internal sealed record ComparisonReport
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Of this format.</summary>
    public int Version { get; init; } = 1;

    public required string Runtime { get; init; }

    public required int Processors { get; init; }

    /// <summary>The first line of its --version, or null if it is not installed.</summary>
    public string? Qemu { get; init; }

    /// <summary>The host's one-minute load average before and after, or null where there is none.</summary>
    public double? LoadBefore { get; init; }

    /// <inheritdoc cref="LoadBefore"/>
    public double? LoadAfter { get; set; }

    public List<PartResult> Parts { get; init; } = [];

    /// <exception cref="InvalidDataException">The file was not written by <c>--json</c>.</exception>
    public static ComparisonReport Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ComparisonReport>(File.ReadAllText(path), Format)
                ?? throw new InvalidDataException($"{path} is empty");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"{path} was not written by --json: {wrong.Message}", wrong);
        }
    }

    public void Save(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Format) + "\n");
}
