using System.Text.Json.Serialization;

namespace RiscvXv6.Benchmarks.Comparison;

/// <summary>Repeated measurements of one quantity, in seconds.</summary>
internal sealed record Sample(IReadOnlyList<double> Seconds)
{
    [JsonIgnore]
    public double Median
    {
        get
        {
            double[] sorted = [.. Seconds.Order()];
            int middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    [JsonIgnore]
    public double Least => Seconds.Min();

    [JsonIgnore]
    public double Most => Seconds.Max();

    /// <summary>From the least to the most, as a fraction of the median.</summary>
    [JsonIgnore]
    public double Spread => Median == 0 ? 0 : (Most - Least) / Median;

    public static double GeometricMean(IEnumerable<double> values) => Math.Exp(values.Average(Math.Log));
}
