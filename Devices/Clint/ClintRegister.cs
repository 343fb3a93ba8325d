namespace RiscvXv6.Devices.Clint;

/// <summary>The rows of <see cref="ClintRegisters"/>, in their order.</summary>
public enum ClintRegister
{
    Msip,
    Mtimecmp,
    Mtime,
}
