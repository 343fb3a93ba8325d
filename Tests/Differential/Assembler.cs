using System.Buffers.Binary;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Differential;

/// <summary>Puts instructions one after the other, with labels for branches and jumps either way.</summary>
internal sealed class Assembler(ulong baseAddress)
{
    private readonly List<byte> _bytes = [];
    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);
    private readonly List<(int At, string Label, Func<long, uint> Encode)> _fixups = [];

    public ulong Here => baseAddress + (ulong)_bytes.Count;

    public int Length => _bytes.Count;

    /// <summary>How many instructions there are so far.</summary>
    public int InstructionCount { get; private set; }

    public void Emit(uint encoding)
    {
        InstructionCount++;
        int length = (encoding & 3) == 3 ? 4 : 2;
        for (int index = 0; index < length; index++)
        {
            _bytes.Add((byte)(encoding >> (8 * index)));
        }
    }

    public void Emit(string mnemonic, int rd = 0, int rs1 = 0, int rs2 = 0, long immediate = 0) =>
        Emit(Encoder.Encode(mnemonic, rd, rs1, rs2, immediate));

    public void Label(string name) => _labels.Add(name, _bytes.Count);

    public ulong AddressOf(string label) => baseAddress + (ulong)_labels[label];

    public void Branch(string mnemonic, int rs1, int rs2, string label) =>
        Fix(label, distance => Encoder.Encode(mnemonic, 0, rs1, rs2, distance));

    public void Jump(string label) => Fix(label, static distance => Encoder.Encode("jal", immediate: distance));

    public void Load(int rd, int address, int offset) => Emit("ld", rd, address, immediate: offset);

    public void Store(int value, int address, int offset) => Emit("sd", rs1: address, rs2: value, immediate: offset);

    public void ReadCsr(int rd, int number) => Emit("csrrs", rd, immediate: number);

    public void WriteCsr(int number, int rs1) => Emit("csrrw", 0, rs1, immediate: number);

    /// <summary>Any 64-bit constant, in as many instructions as it takes.</summary>
    public void LoadImmediate(int rd, ulong value)
    {
        long signed = (long)value;
        if (signed is >= -2048 and < 2048)
        {
            Emit("addi", rd, 0, immediate: signed);
            return;
        }

        long low = signed << 52 >> 52;
        if (signed == (int)signed)
        {
            long upper = (int)(signed - low);
            Emit("lui", rd, immediate: upper);
            if (low != 0)
            {
                Emit("addiw", rd, rd, immediate: low);
            }

            return;
        }

        long rest = unchecked(signed - low) >> 12;
        int shift = 12;
        while ((rest & 1) == 0)
        {
            rest >>= 1;
            shift++;
        }

        LoadImmediate(rd, (ulong)rest);
        Emit("slli", rd, rd, immediate: shift);
        if (low != 0)
        {
            Emit("addi", rd, rd, immediate: low);
        }
    }

    public byte[] Finish()
    {
        byte[] image = [.. _bytes];
        foreach (var (at, label, encode) in _fixups)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), encode(_labels[label] - at));
        }

        return image;
    }

    private void Fix(string label, Func<long, uint> encode)
    {
        _fixups.Add((_bytes.Count, label, encode));
        Emit("addi");
    }
}
