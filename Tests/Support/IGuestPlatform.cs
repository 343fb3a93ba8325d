namespace RiscvXv6.Tests.Support;

/// <summary>Something that runs a bare-metal guest: this machine, or the one it is compared with.</summary>
internal interface IGuestPlatform
{
    GuestRun Run(GuestRequest request);
}
