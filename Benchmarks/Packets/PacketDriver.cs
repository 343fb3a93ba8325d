namespace RiscvXv6.Benchmarks.Packets;

/// <summary>Who drives the card.</summary>
internal enum PacketDriver
{
    /// <summary>Benchmarks/Guests/nic.c: polling, no copies, no operating system.</summary>
    BareMetal,

    /// <summary>Our guest's kernel and its netbench: UDP, a system call per datagram.</summary>
    Xv6,
}
