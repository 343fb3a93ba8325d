using System.Buffers.Binary;
using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Tests.Cpu.Isa;

namespace RiscvXv6.Tests.Cpu.Execution;

/// <summary>Every row of the table is executed at corner values and compared with models that know no hart.</summary>
internal sealed unsafe class InstructionRowTests
{
    private const int DataBytes = 0x2000;

    private static readonly Dictionary<Operation, (int Size, bool Signed)> s_loads = new()
    {
        [Operation.Lb] = (1, true),
        [Operation.Lh] = (2, true),
        [Operation.Lw] = (4, true),
        [Operation.Ld] = (8, true),
        [Operation.Lbu] = (1, false),
        [Operation.Lhu] = (2, false),
        [Operation.Lwu] = (4, false),
    };

    private static readonly Dictionary<Operation, int> s_stores = new()
    {
        [Operation.Sb] = 1,
        [Operation.Sh] = 2,
        [Operation.Sw] = 4,
        [Operation.Sd] = 8,
    };

    /// <summary>New contents of memory from old ones and rs2, both as signed numbers of the width.</summary>
    private static readonly Dictionary<string, Func<long, long, long>> s_atomics = new()
    {
        ["amoswap"] = static (_, operand) => operand,
        ["amoadd"] = static (old, operand) => old + operand,
        ["amoxor"] = static (old, operand) => old ^ operand,
        ["amoand"] = static (old, operand) => old & operand,
        ["amoor"] = static (old, operand) => old | operand,
        ["amomin"] = static (old, operand) => Math.Min(old, operand),
        ["amomax"] = static (old, operand) => Math.Max(old, operand),
        ["amominu"] = static (old, operand) => (long)Math.Min((ulong)old, (ulong)operand),
        ["amomaxu"] = static (old, operand) => (long)Math.Max((ulong)old, (ulong)operand),
    };

    /// <summary>What no value describes; Csr, Traps and the other fixtures of this folder execute them.</summary>
    private static readonly HashSet<string> s_elsewhere =
    [
        "lr.w", "lr.d", "sc.w", "sc.d", "fence.i", "ecall", "ebreak", "c.ebreak", "mret", "sret", "wfi",
        "csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci",
        "sfence.vma", "sinval.vma", "sfence.w.inval", "sfence.inval.ir",
    ];

    private readonly SingleStep _step = new();
    private readonly Random _random = new(20_261_121);

    private static IEnumerable<InstructionRow> Rows =>
        InstructionTable.Rows.Where(static row => row.Operation != Operation.Illegal);

    private static IEnumerable<TestCaseData> IntegerRows => Cases(static row => IntegerModel.Results.ContainsKey(row.Operation));

    private static IEnumerable<TestCaseData> JumpRows => Cases(IsJump);

    private static IEnumerable<TestCaseData> LoadRows => Cases(static row => s_loads.ContainsKey(row.Operation));

    private static IEnumerable<TestCaseData> StoreRows => Cases(static row => s_stores.ContainsKey(row.Operation));

    private static IEnumerable<TestCaseData> AtomicRows => Cases(IsAtomic);

    [OneTimeTearDown]
    public void TearDown() => _step.Dispose();

    [Test]
    public void Every_row_has_an_expectation()
    {
        var without = Rows.Where(static row =>
            !IntegerModel.Results.ContainsKey(row.Operation) && !IsJump(row) && !s_loads.ContainsKey(row.Operation)
            && !s_stores.ContainsKey(row.Operation) && !IsAtomic(row) && !s_elsewhere.Contains(row.Mnemonic)
            && !FloatRowTests.Covers(row.Operation));
        Assert.That(without.Select(static row => row.Mnemonic), Is.Empty);
    }

    [TestCaseSource(nameof(IntegerRows))]
    public void An_integer_row_computes_what_the_manual_says(InstructionRow row)
    {
        foreach (var (encoding, decoded) in Samples(row))
        {
            var (a, b) = (Register(decoded.Rs1), Register(decoded.Rs2));
            ulong[] expected = Registers();
            if (decoded.Rd != 0)
            {
                var operands = new IntegerOperands(a, b, decoded.Immediate, SingleStep.CodeAddress);
                expected[decoded.Rd] = IntegerModel.Modulo(IntegerModel.Results[row.Operation](operands));
            }

            Expect(row, encoding, expected, SingleStep.CodeAddress + row.LengthBytes);
        }
    }

    [TestCaseSource(nameof(JumpRows))]
    public void A_branch_or_jump_goes_where_the_manual_says(InstructionRow row)
    {
        foreach (var (encoding, decoded) in Samples(row))
        {
            var (a, b) = (Register(decoded.Rs1), Register(decoded.Rs2));
            ulong[] expected = Registers();
            ulong next = SingleStep.CodeAddress + row.LengthBytes;
            ulong target = row.Operation == Operation.Jalr ? a : SingleStep.CodeAddress;
            target = IntegerModel.Modulo(target + (System.Numerics.BigInteger)decoded.Immediate);
            target -= target % 2;
            bool taken = !IntegerModel.Branches.TryGetValue(row.Operation, out var branch)
                || branch(new IntegerOperands(a, b, 0, 0));
            if (branch is null && decoded.Rd != 0)
            {
                expected[decoded.Rd] = next;
            }

            Expect(row, encoding, expected, taken ? target : next);
        }
    }

    [TestCaseSource(nameof(LoadRows))]
    public void A_load_extends_what_lies_at_any_address(InstructionRow row)
    {
        var (size, signed) = s_loads[row.Operation];
        foreach (var (encoding, decoded) in Samples(row).Where(static sample => sample.Decoded.Rs1 != 0).Take(120))
        {
            byte[] memory = FillMemory();
            int offset = SomeOffset();
            _step.Guest.State()->X[decoded.Rs1] = SingleStep.DataAddress + (ulong)offset - (ulong)decoded.Immediate;
            ulong[] expected = Registers();
            if (decoded.Rd != 0)
            {
                expected[decoded.Rd] = Value(memory, offset, size, signed);
            }

            Expect(row, encoding, expected, SingleStep.CodeAddress + row.LengthBytes);
        }
    }

    [TestCaseSource(nameof(StoreRows))]
    public void A_store_changes_its_bytes_and_no_others(InstructionRow row)
    {
        int size = s_stores[row.Operation];
        foreach (var (encoding, decoded) in Samples(row).Where(static sample => sample.Decoded.Rs1 != 0).Take(120))
        {
            byte[] memory = FillMemory();
            int offset = SomeOffset();
            _step.Guest.State()->X[decoded.Rs1] = SingleStep.DataAddress + (ulong)offset - (ulong)decoded.Immediate;
            for (int index = 0; index < size; index++)
            {
                memory[offset + index] = (byte)(Register(decoded.Rs2) >> (8 * index));
            }

            Expect(row, encoding, Registers(), SingleStep.CodeAddress + row.LengthBytes);
            Assert.That(ReadMemory().AsSpan().SequenceEqual(memory), Is.True, $"{row.Mnemonic} 0x{encoding:x}");
        }
    }

    [TestCaseSource(nameof(AtomicRows))]
    public void An_atomic_operation_returns_the_old_value_and_stores_the_new_one(InstructionRow row)
    {
        int size = row.Mnemonic.EndsWith(".d", StringComparison.Ordinal) ? 8 : 4;
        foreach (var (encoding, decoded) in Samples(row).Where(static sample => sample.Decoded.Rs1 != 0).Take(120))
        {
            byte[] memory = FillMemory();
            int offset = SomeOffset() & -size;
            BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(offset), SomeCorner());
            WriteMemory(memory);
            _step.Guest.State()->X[decoded.Rs1] = SingleStep.DataAddress + (ulong)offset;
            ulong operand = size == 8 ? Register(decoded.Rs2) : IntegerModel.Modulo(IntegerModel.Word(Register(decoded.Rs2)));
            ulong old = Value(memory, offset, size, signed: true);
            ulong[] expected = Registers();
            if (decoded.Rd != 0)
            {
                expected[decoded.Rd] = old;
            }

            ulong stored = (ulong)s_atomics[row.Mnemonic.Split('.')[0]]((long)old, (long)operand);
            for (int index = 0; index < size; index++)
            {
                memory[offset + index] = (byte)(stored >> (8 * index));
            }

            Expect(row, encoding, expected, SingleStep.CodeAddress + row.LengthBytes);
            Assert.That(ReadMemory().AsSpan().SequenceEqual(memory), Is.True, $"{row.Mnemonic} 0x{encoding:x}");

            _step.Guest.State()->X[decoded.Rs1] = SingleStep.DataAddress + (ulong)offset + 1;
            Assert.That(_step.Execute(encoding, 4), Is.False, "misaligned");
            Assert.That(_step.Guest.State()->Mcause, Is.EqualTo(6), "store/AMO address misaligned");
            Assert.That(ReadMemory().AsSpan().SequenceEqual(memory), Is.True);
        }
    }

    [Test]
    public void The_models_catch_a_wrong_sign_extension()
    {
        var row = Encoder.Row("addw");
        bool differs = Samples(row).Any(sample =>
        {
            var operands = new IntegerOperands(Register(sample.Decoded.Rs1), Register(sample.Decoded.Rs2), 0, 0);
            ulong zeroExtended = (operands.A + operands.B) & 0xffff_ffff;
            _step.Execute(sample.Encoding, 4);
            return sample.Decoded.Rd != 0 && Register(sample.Decoded.Rd) != zeroExtended;
        });
        Assert.That(differs, Is.True);
    }

    private static IEnumerable<TestCaseData> Cases(Func<InstructionRow, bool> belongs) =>
        Rows.Where(belongs).Select(static row => new TestCaseData(row).SetArgDisplayNames(row.Mnemonic));

    private static bool IsJump(InstructionRow row) =>
        IntegerModel.Branches.ContainsKey(row.Operation) || row.Operation is Operation.Jal or Operation.Jalr;

    private static bool IsAtomic(InstructionRow row) => s_atomics.ContainsKey(row.Mnemonic.Split('.')[0]);

    private static ulong Value(byte[] memory, int offset, int size, bool signed)
    {
        var value = new System.Numerics.BigInteger(memory.AsSpan(offset, size), isUnsigned: !signed);
        return IntegerModel.Modulo(value);
    }

    /// <summary>Encodings with all kinds of operands, the registers before each filled with corner values.</summary>
    private IEnumerable<(uint Encoding, DecodedInstruction Decoded)> Samples(InstructionRow row)
    {
        uint[] encodings = [.. SampleEncodings.Of(row, _random)];
        int pair = 0;
        foreach (ulong a in SingleStep.Corners)
        {
            foreach (ulong b in SingleStep.Corners)
            {
                uint encoding = encodings[pair++ % encodings.Length];
                var decoded = Decoder.Decode(encoding);
                FillRegisters();
                Set(decoded.Rs1, a);
                Set(decoded.Rs2, b);
                yield return (encoding, decoded);
            }
        }
    }

    private void Expect(InstructionRow row, uint encoding, ulong[] registers, ulong pc)
    {
        string name = $"{row.Mnemonic} 0x{encoding:x}";
        if (!_step.Execute(encoding, row.LengthBytes))
        {
            Assert.Fail($"{name} trapped: {_step.Guest.State()->Mcause}");
        }

        if (_step.Guest.State()->Pc != pc || !Registers().AsSpan().SequenceEqual(registers))
        {
            Assert.That(Registers(), Is.EqualTo(registers), name);
            Assert.That(_step.Guest.State()->Pc, Is.EqualTo(pc), name);
        }
    }

    private void FillRegisters()
    {
        for (int register = 1; register < 32; register++)
        {
            Set(register, SomeCorner());
        }
    }

    private void Set(int register, ulong value)
    {
        if (register != 0)
        {
            _step.Guest.State()->X[register] = value;
        }
    }

    private ulong Register(int register) => _step.Guest.X(register);

    private ulong[] Registers() => [.. Enumerable.Range(0, 32).Select(Register)];

    private ulong SomeCorner() => SingleStep.Corners[_random.Next(SingleStep.Corners.Length)];

    /// <summary>Any alignment, often over the end of the first page.</summary>
    private int SomeOffset() => _random.Next(2) == 0 ? _random.Next(4080, 4104) : _random.Next(16, DataBytes - 16);

    private byte[] FillMemory()
    {
        byte[] memory = new byte[DataBytes];
        _random.NextBytes(memory);
        WriteMemory(memory);
        return memory;
    }

    private void WriteMemory(byte[] memory) => _step.Guest.Machine.Harts[0].Ram.TryWrite(SingleStep.DataAddress, memory);

    private byte[] ReadMemory()
    {
        byte[] memory = new byte[DataBytes];
        _step.Guest.Machine.Harts[0].Ram.TryRead(SingleStep.DataAddress, memory);
        return memory;
    }
}
