namespace RiscvXv6.Benchmarks.Comparison;

/// <summary>One child process from start to end.</summary>
/// <param name="WallSeconds">Until it was gone.</param>
/// <param name="CpuSeconds">User and system time of all its threads.</param>
/// <param name="ExitCode">As the shell shows it.</param>
/// <param name="Output">Standard output.</param>
internal sealed record ChildRun(double WallSeconds, double CpuSeconds, int ExitCode, string Output);
