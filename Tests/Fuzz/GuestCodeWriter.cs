using System.Buffers.Binary;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>Writes instructions one after another into a guest's memory image.</summary>
/// <param name="image">The memory, from <paramref name="baseAddress"/> on.</param>
/// <param name="baseAddress">Guest physical address of the image's first byte.</param>
internal sealed class GuestCodeWriter(byte[] image, ulong baseAddress)
{
    private int _at;

    /// <summary>Where the next instruction goes.</summary>
    public ulong Address
    {
        get => baseAddress + (ulong)_at;
        set => _at = (int)(value - baseAddress);
    }

    public void Emit(string mnemonic, int rd = 0, int rs1 = 0, int rs2 = 0, long immediate = 0) =>
        Raw(Encoder.Encode(mnemonic, rd, rs1, rs2, immediate), 4);

    /// <summary>An encoding as it is, of 2 or 4 bytes.</summary>
    public void Raw(uint encoding, int sizeBytes)
    {
        if (sizeBytes == 2)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(_at), (ushort)encoding);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(_at), encoding);
        }

        _at += sizeBytes;
    }

    /// <summary>Any 64 bits in a register, from a literal that the code jumps over: 20 bytes.</summary>
    public void Constant(int rd, ulong value)
    {
        Emit("auipc", rd);
        Emit("ld", rd, rd, immediate: 12);
        Emit("jal", immediate: 12);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(_at), value);
        _at += sizeof(ulong);
    }

    /// <summary>A store of 1, 2, 4 or 8 bytes; uses x10 and x11.</summary>
    public void Store(ulong address, ulong value, int sizeBytes)
    {
        Constant(10, address);
        Constant(11, value);
        Emit(sizeBytes switch { 1 => "sb", 2 => "sh", 4 => "sw", _ => "sd" }, rs1: 10, rs2: 11);
    }
}
