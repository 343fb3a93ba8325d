namespace RiscvXv6.Emulator.Gdb;

/// <summary>Replies that say no. The numbers are Linux's, as elsewhere; gdb only shows them.</summary>
internal static class GdbError
{
    /// <summary>EFAULT: no memory there, or none that can be written.</summary>
    public static ReadOnlySpan<byte> NoMemory => "E0e"u8;

    /// <summary>EINVAL: the packet is malformed, or asks for what is not there.</summary>
    public static ReadOnlySpan<byte> Invalid => "E16"u8;

    /// <summary>ENOSPC: there are too many already.</summary>
    public static ReadOnlySpan<byte> TooMany => "E1c"u8;
}
