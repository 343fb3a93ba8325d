namespace RiscvXv6.Emulator.Cpu.Execution;

/// <summary>Kinds of access to a page.</summary>
[Flags]
internal enum AccessRights
{
    None = 0,
    Load = 1,
    Store = 2,
    Fetch = 4,
}
