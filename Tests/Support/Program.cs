using System.Buffers.Binary;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Support;

/// <summary>
/// A small guest, instruction by instruction, with labels: what a test of the core runs. Each method appends and returns the
/// program. Operands mean what they do in <see cref="Encoder"/>.
/// </summary>
/// <param name="origin">Where the first instruction will lie.</param>
internal sealed class Program(ulong origin = Program.DefaultOrigin)
{
    /// <summary>The start of RAM.</summary>
    public const ulong DefaultOrigin = 0x8000_0000;

    private readonly List<byte> _bytes = [];
    private readonly Dictionary<string, ulong> _labels = [];
    private readonly List<(int Offset, string Label, Func<long, uint> Encode)> _references = [];

    public ulong Origin => origin;

    /// <summary>Where the next instruction will lie.</summary>
    public ulong Here => origin + (ulong)_bytes.Count;

    public Program Add(
        string mnemonic, int rd = 0, int rs1 = 0, int rs2 = 0, long immediate = 0, int rs3 = 0, int roundingMode = 0) =>
        Raw(
            Encoder.Encode(mnemonic, rd, rs1, rs2, immediate, rs3, roundingMode),
            Encoder.Row(mnemonic).LengthBytes);

    /// <summary>The low two or four bytes of an encoding.</summary>
    public Program Raw(uint encoding, int lengthBytes = 4)
    {
        for (int index = 0; index < lengthBytes; index++)
        {
            _bytes.Add((byte)(encoding >> (8 * index)));
        }

        return this;
    }

    public Program Label(string name)
    {
        _labels.Add(name, Here);
        return this;
    }

    /// <summary>Where a label that is already placed lies.</summary>
    public ulong AddressOf(string label) => _labels[label];

    public Program Branch(string mnemonic, int rs1, int rs2, string label) =>
        Refer(label, distance => Encoder.Encode(mnemonic, rs1: rs1, rs2: rs2, immediate: distance));

    public Program Jump(string label, int rd = 0) =>
        Refer(label, distance => Encoder.Encode("jal", rd: rd, immediate: distance));

    /// <summary>Any constant, by adding and shifting; up to ten instructions.</summary>
    public Program Constant(int rd, ulong value)
    {
        long rest = (long)value;
        if (rest is >= -2048 and < 2048)
        {
            return Add("addi", rd: rd, immediate: rest);
        }

        long low = (rest << 52) >> 52;
        Constant(rd, (ulong)((rest - low) >> 12));
        Add("slli", rd: rd, rs1: rd, immediate: 12);
        return low == 0 ? this : Add("addi", rd: rd, rs1: rd, immediate: low);
    }

    /// <summary>The address of a label, in two instructions.</summary>
    public Program Address(int rd, string label)
    {
        Refer(label, distance => Encoder.Encode("auipc", rd: rd, immediate: (distance + 0x800) & ~0xfffL));
        return Refer(label, distance => Encoder.Encode("addi", rd: rd, rs1: rd, immediate: ((distance + 4) << 52) >> 52));
    }

    /// <summary>csrrw with rd = x0.</summary>
    public Program WriteCsr(int number, int rs1) => Add("csrrw", rs1: rs1, immediate: number);

    /// <summary>csrrs with rs1 = x0.</summary>
    public Program ReadCsr(int rd, int number) => Add("csrrs", rd: rd, immediate: number);

    /// <summary>Nothing, until an address that is not behind us.</summary>
    public Program PadTo(ulong address)
    {
        while (Here < address)
        {
            Add("addi");
        }

        return this;
    }

    public Program Doubleword(ulong value) => Raw((uint)value).Raw((uint)(value >> 32));

    public byte[] ToBytes()
    {
        byte[] bytes = [.. _bytes];
        foreach (var (offset, label, encode) in _references)
        {
            long distance = (long)(_labels[label] - origin) - offset;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), encode(distance));
        }

        return bytes;
    }

    private Program Refer(string label, Func<long, uint> encode)
    {
        _references.Add((_bytes.Count, label, encode));
        return Raw(0x13);
    }
}
