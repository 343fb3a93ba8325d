using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Differential;

/// <summary>
/// Writes a program's code, piece by piece. A piece is one instruction, or a few that belong together; branches go to the
/// beginnings of pieces, so that an address is always computed before it is used.
/// </summary>
internal sealed partial class SequenceWriter
{
    private const int LastOffset = 0xE80;

    private readonly TestProgram _program;
    private readonly Draw _draw;
    private readonly Assembler _code;
    private readonly List<(int At, int PiecesAhead, InstructionRow Row, uint Encoding)> _branches = [];

    public SequenceWriter(TestProgram program, Draw draw)
    {
        _program = program;
        _draw = draw;
        _code = new Assembler(program.CodeVirtual);
    }

    /// <summary>Virtual addresses worth accessing: first byte and length of each range.</summary>
    public List<(ulong First, ulong Length)> Windows { get; } = [];

    /// <summary>Those among them that suit atomics, if that makes a difference; see <see cref="Exclusions"/>.</summary>
    public List<(ulong First, ulong Length)> AtomicWindows { get; } = [];

    /// <summary>Addresses that should fault, as a change.</summary>
    public List<ulong> BadAddresses { get; } = [Layout.Hole];

    /// <summary>An <c>sfence.vma</c> before each access; see <see cref="Exclusions"/>.</summary>
    public bool FenceBeforeAccess { get; set; }

    /// <summary>SC without a reservation that fits is written too; see <see cref="Exclusions"/> for why not everywhere.</summary>
    public bool ConditionalsMayFail { get; set; }

    /// <summary>No access reaches over the end of a page; see <see cref="Exclusions"/>.</summary>
    public bool StaysInPage { get; set; }

    /// <summary>No access is misaligned; see <see cref="Exclusions"/>.</summary>
    public bool IsAligned { get; set; }

    /// <summary>The mode is not always the one that the program begins in.</summary>
    public bool ChangesMode { get; set; }

    /// <summary>
    /// An integer register, or 0 for none, that nothing but <see cref="Witnessed"/> writes: it gathers results, so that none
    /// is lost when its register is written again.
    /// </summary>
    public int Witness { get; set; }

    private int Context => _program.ContextRegister;

    /// <summary>Calls <paramref name="piece"/> until there are so many pieces, or the page is full.</summary>
    public void Write(int pieces, Action piece)
    {
        for (int count = 0; count < pieces && _code.Length < LastOffset; count++)
        {
            NoteBoundary();
            piece();
        }

        NoteBoundary();
        _program.Code = _code.Finish();
        foreach (var (at, ahead, row, encoding) in _branches)
        {
            PatchBranch(at, ahead, row, encoding);
        }
    }

    private void NoteBoundary()
    {
        // A piece that could not be made has written nothing.
        if (_program.Boundaries.Count == 0 || _program.Boundaries[^1] != _code.Length)
        {
            _program.Boundaries.Add(_code.Length);
        }
    }

    /// <summary>Any integer register but the context's and the witness.</summary>
    private int Register(bool zeroToo = true)
    {
        while (true)
        {
            int register = _draw.Between(zeroToo ? 0 : 1, 31);
            if (register != Context && (register != Witness || register == 0))
            {
                return register;
            }
        }
    }

    private int RegisterOtherThan(params int[] taken)
    {
        while (true)
        {
            int register = Register(zeroToo: false);
            if (!taken.Contains(register))
            {
                return register;
            }
        }
    }

    /// <summary>The row with random operand bits, such that no reserved register is written; null if that is hopeless.</summary>
    private uint? Randomise(InstructionRow row)
    {
        for (int attempt = 0; attempt < 20; attempt++)
        {
            uint encoding = row.Match | (_draw.Word() & ~row.Mask);
            encoding = row.LengthBytes == 2 ? (ushort)encoding : encoding;
            if (Decoder.FindRow(encoding) == row && !WritesReserved(row, Decoder.Decode(encoding)))
            {
                return encoding;
            }
        }

        return null;
    }

    private bool WritesReserved(InstructionRow row, in DecodedInstruction decoded) =>
        (decoded.Rd == Context || (decoded.Rd == Witness && Witness != 0)) && !InstructionClasses.WritesFloat(row);

    private static uint WithField(uint encoding, int shift, int bits, uint value)
    {
        uint mask = ((1u << bits) - 1) << shift;
        return (encoding & ~mask) | (value << shift);
    }

    private void PatchBranch(int at, int ahead, InstructionRow row, uint encoding)
    {
        int next = _program.Boundaries.BinarySearch(at) + 1;
        int target = _program.Boundaries[Math.Min(next + ahead, _program.Boundaries.Count - 1)];
        int reach = row.LengthBytes == 2 ? 254 : 2046;
        while (target - at > reach)
        {
            target = _program.Boundaries[_program.Boundaries.BinarySearch(target) - 1];
        }

        var decoded = Decoder.Decode(encoding);
        uint patched = Encoder.Encode(row, decoded with { Immediate = target - at });
        for (int index = 0; index < row.LengthBytes; index++)
        {
            _program.Code[at + index] = (byte)(patched >> (8 * index));
        }
    }
}
