using BenchmarkDotNet.Running;
using RiscvXv6.Benchmarks.Comparison;
using RiscvXv6.Benchmarks.Micro;
using RiscvXv6.Benchmarks.Packets;

namespace RiscvXv6.Benchmarks;

internal static class Program
{
    private const int BadCommandLine = 2;

    private static int Main(string[] arguments)
    {
        if (!ComparisonOptions.TryParse(arguments, out var options, out string? error))
        {
            Console.Error.WriteLine($"bench: {error}");
            Console.Error.WriteLine("bench: see --help");
            return BadCommandLine;
        }

        if (options.Help)
        {
            Console.WriteLine(ComparisonOptions.HelpText);
            return 0;
        }

        if (options.MicroArguments is { } micro)
        {
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. micro], new MicroConfig());
            return 0;
        }

        if (options.PacketReport)
        {
            return new PacketReport(RepositoryFolder.Find(), Console.Error).Update();
        }

        return options.Net
            ? new NetComparison(RepositoryFolder.Find(), options.Runs, Console.Out, Console.Error).Execute()
            : new ComparisonRun(options, Console.Out).Execute();
    }
}
