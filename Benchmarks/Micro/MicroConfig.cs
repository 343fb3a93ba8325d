using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace RiscvXv6.Benchmarks.Micro;

/// <summary>
/// Short jobs in this process (nothing is generated, restored or built), with allocations. Absolute times are for looking
/// at; what is promised of them, that nothing is allocated, is asserted by Tests/Benchmarks.
/// </summary>
internal sealed class MicroConfig : ManualConfig
{
    public MicroConfig()
    {
        AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance));
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.Console);
        WithArtifactsPath(Path.Combine(Path.GetTempPath(), "riscvxv6-bench"));
    }
}
