namespace RiscvXv6.Emulator.Cpu.Execution;

/// <summary>A page of which a TLB knows the place.</summary>
/// <param name="VirtualAddress">Its first byte.</param>
/// <param name="PhysicalAddress">Where that is.</param>
/// <param name="Rights">The accesses that need no walk.</param>
internal readonly record struct CachedPage(ulong VirtualAddress, ulong PhysicalAddress, AccessRights Rights);
