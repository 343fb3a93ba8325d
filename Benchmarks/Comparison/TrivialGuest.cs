using System.Buffers.Binary;

namespace RiscvXv6.Benchmarks.Comparison;

/// <summary>A kernel of five instructions that switches the machine off: what remains of the time is starting and ending.</summary>
internal static class TrivialGuest
{
    private const ulong LoadAddress = 0x8000_0000;
    private const int FileHeaderBytes = 64;
    private const int ProgramHeaderBytes = 56;

    /// <summary>The finisher's "pass" at 0x100000, assembled by hand.</summary>
    private static ReadOnlySpan<uint> Code =>
    [
        0x0010_02b7, // lui  t0, 0x100
        0x0000_5337, // lui  t1, 0x5
        0x5553_0313, // addi t1, t1, 0x555
        0x0062_a023, // sw   t1, 0(t0)
        0x0000_006f, // j    .
    ];

    /// <summary>The ELF file: its header, one program header, the code.</summary>
    public static byte[] ToElf()
    {
        const int codeOffset = FileHeaderBytes + ProgramHeaderBytes;
        int codeBytes = Code.Length * sizeof(uint);
        byte[] file = new byte[codeOffset + codeBytes];
        ReadOnlySpan<byte> identity = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identity.CopyTo(file);
        Half(16, 2); // ET_EXEC
        Half(18, 243); // EM_RISCV
        Word(20, 1);
        Long(24, LoadAddress); // e_entry
        Long(32, FileHeaderBytes); // e_phoff
        Half(52, FileHeaderBytes);
        Half(54, ProgramHeaderBytes);
        Half(56, 1); // e_phnum
        Half(58, 64); // e_shentsize
        Word(FileHeaderBytes, 1); // PT_LOAD
        Word(FileHeaderBytes + 4, 5); // readable, executable
        Long(FileHeaderBytes + 8, codeOffset);
        Long(FileHeaderBytes + 16, LoadAddress);
        Long(FileHeaderBytes + 24, LoadAddress);
        Long(FileHeaderBytes + 32, (ulong)codeBytes);
        Long(FileHeaderBytes + 40, (ulong)codeBytes);
        Long(FileHeaderBytes + 48, 8);
        for (int index = 0; index < Code.Length; index++)
        {
            Word(codeOffset + index * sizeof(uint), Code[index]);
        }

        return file;

        void Half(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);
        void Word(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
        void Long(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(offset), value);
    }
}
