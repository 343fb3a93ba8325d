using System.Diagnostics;
using NUnit.Framework;
using RiscvXv6.Guest.Symbols;

namespace RiscvXv6.Tests.Guest.Symbols;

public sealed class ProgramInfoTests
{
    [Test]
    public void Nothing_is_read_before_somebody_asks()
    {
        var file = DebuggedPrograms.Load(DebuggedPrograms.OurKernel);
        _ = new ProgramInfo(file);
        long before = GC.GetAllocatedBytesForCurrentThread();

        var program = new ProgramInfo(file);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(2048));
        Assert.That(program.Symbols.TryFindAddress("scheduler", out ulong scheduler), Is.True);
        before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(program.Describe(scheduler), Does.StartWith("scheduler (kernel/proc/schedule.c:"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.GreaterThan(100_000), "the negative control: now it was read");
    }

    /// <summary>By far more than it takes, so that no busy host fails it; the numbers are in the output.</summary>
    [Test]
    public void A_kernel_is_read_while_nobody_notices()
    {
        var program = new ProgramInfo(DebuggedPrograms.Load(DebuggedPrograms.OurKernel));
        var watch = Stopwatch.StartNew();
        _ = program.Describe(0x8000_1000);
        long lines = watch.ElapsedMilliseconds;
        Assert.That(program.Types.TryFindVariable("proc", out var proc), Is.True);
        _ = proc!.Type.SizeBytes;
        long types = watch.ElapsedMilliseconds - lines;

        TestContext.Out.WriteLine($"symbols and lines: {lines} ms, types: {types} ms");
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2)));
    }
}
