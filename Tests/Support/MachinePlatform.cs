using NUnit.Framework;

namespace RiscvXv6.Tests.Support;

/// <summary>This machine, in this process.</summary>
internal sealed class MachinePlatform : IGuestPlatform
{
    public GuestRun Run(GuestRequest request)
    {
        Assert.Ignore($"the machine that would run {Path.GetFileName(request.ElfPath)} is not here yet");
        return new GuestRun("", null);
    }
}
