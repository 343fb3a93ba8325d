using RiscvXv6.Devices.Memory;
using RiscvXv6.Tests.Fuzz;

namespace RiscvXv6.Tests.Cli;

/// <summary>A bare-metal program of a few instructions, as a raw binary for 0x80000000.</summary>
internal static class PrintingGuest
{
    /// <summary>What it prints, again and again.</summary>
    public const string Letters = "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_";

    /// <summary>Prints a number of bytes as fast as the UART takes them, then stores to the finisher and stays.</summary>
    public static byte[] PrintThenStop(ulong count, ulong finisher)
    {
        byte[] image = new byte[GuestMemory.PageSizeBytes];
        var code = new GuestCodeWriter(image, 0x8000_0000);
        code.Constant(5, 0x1000_0000);
        code.Constant(6, count);
        code.Emit("addi", 7);
        ulong loop = code.Address;
        code.Emit("lbu", 28, 5, immediate: 5);
        code.Emit("andi", 28, 28, immediate: 0x20);
        code.Emit("beq", rs1: 28, immediate: (long)(loop - code.Address));
        code.Emit("andi", 28, 7, immediate: 31);
        code.Emit("addi", 28, 28, immediate: '@');
        code.Emit("sb", rs1: 5, rs2: 28);
        code.Emit("addi", 7, 7, immediate: 1);
        code.Emit("bltu", rs1: 7, rs2: 6, immediate: (long)(loop - code.Address));
        code.Store(0x10_0000, finisher, 4);
        code.Emit("jal");
        return image;
    }
}
