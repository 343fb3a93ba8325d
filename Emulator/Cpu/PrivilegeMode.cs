namespace RiscvXv6.Emulator.Cpu;

/// <summary>Priv "Privilege Levels"; the values are the encodings.</summary>
internal enum PrivilegeMode : byte
{
    User = 0,
    Supervisor = 1,
    Machine = 3,
}
