using System.Runtime.InteropServices;

namespace RiscvXv6.Emulator.Cpu.Execution;

/// <summary>
/// One page of the TLB. <see cref="Tag"/> is the virtual page with the context's generation in its low 12 bits, so that
/// emptying a TLB is counting its generation up; generation 0 is never current.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct TlbEntry
{
    public ulong Tag;

    /// <summary>Host address minus virtual address; for the fetch TLB, physical address minus virtual address.</summary>
    public ulong Addend;
}
