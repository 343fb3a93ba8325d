using System.Text.Json.Serialization;

namespace RiscvXv6.Benchmarks.Comparison;

/// <summary>What one part came to. This is also what a JSON file holds.</summary>
internal sealed record PartResult
{
    public required string Name { get; init; }

    /// <summary>Retired by the guest, or zero.</summary>
    public required ulong Instructions { get; init; }

    public required Sample OurWall { get; init; }

    public required Sample OurCpu { get; init; }

    /// <summary>Null if QEMU is not installed.</summary>
    public Sample? QemuWall { get; init; }

    /// <summary>Null if QEMU is not installed.</summary>
    public Sample? QemuCpu { get; init; }

    /// <summary>Our speed as a fraction of QEMU's, by medians of processor time.</summary>
    [JsonIgnore]
    public double? CpuRatio => QemuCpu?.Median / OurCpu.Median;

    /// <inheritdoc cref="CpuRatio"/>
    [JsonIgnore]
    public double? WallRatio => QemuWall?.Median / OurWall.Median;
}
