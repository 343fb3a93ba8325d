using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Tests.Devices.Registers;

public sealed class RegisterConformanceTests
{
    private static IEnumerable<TestCaseData> Rows() =>
        from subject in MappedDeviceCase.All
        from spec in subject.Table.Rows
        select new TestCaseData(subject, spec) { TestName = $"The_device_keeps_its_row({subject.Name}.{spec.Name})" };

    [TestCaseSource(nameof(Rows))]
    public void The_device_keeps_its_row(object subject, RegisterSpec spec) =>
        Assert.That(new RegisterConformance((MappedDeviceCase)subject, spec).Check(), Is.Empty);

    [TestCaseSource(nameof(Rows))]
    public void The_row_names_its_registers_and_cites_its_source(object subject, RegisterSpec spec)
    {
        var table = ((MappedDeviceCase)subject).Table;
        string last = table.NameOf(
            spec.OffsetOf(spec.GroupCount - 1, spec.Count - 1), !spec.Access.IsReadable(), Math.Max(0, spec.Bank))!;

        string groupIndex = spec.GroupCount > 1 ? $"[{spec.GroupCount - 1}]" : "";
        string elementIndex = spec.Count > 1 ? $"[{spec.Count - 1}]" : "";
        Assert.That(last, Is.EqualTo(spec.Name + groupIndex + elementIndex));
        Assert.That(spec.Section, Does.Match("^[A-Za-z0-9]+ \".+\"$"));
        Assert.That(spec.Summary, Does.EndWith("."));
    }

    [TestCase(ScratchFault.None, ExpectedResult = true)]
    [TestCase(ScratchFault.WrongMask, ExpectedResult = false)]
    [TestCase(ScratchFault.WrongReset, ExpectedResult = false)]
    [TestCase(ScratchFault.NoReadClear, ExpectedResult = false)]
    [TestCase(ScratchFault.SharedElements, ExpectedResult = false)]
    [TestCase(ScratchFault.AnyWidth, ExpectedResult = false)]
    public bool A_device_that_departs_from_its_table_is_caught(ScratchFault fault)
    {
        var subject = new MappedDeviceCase("scratch", () => new ScratchDevice(fault));
        return subject.Table.Rows.All(spec => new RegisterConformance(subject, spec).Check().Count == 0);
    }

    public enum ScratchFault
    {
        None,
        WrongMask,
        WrongReset,
        NoReadClear,
        SharedElements,
        AnyWidth,
    }

    private enum ScratchRegister
    {
        Control,
        Status,
        Causes,
        Array,
        Enables,
    }

    /// <summary>A register of each access, kept by hand and not by <see cref="RegisterFile{T}"/>, with a fault to order.</summary>
    private sealed class ScratchDevice : IMmioDevice, IRegisterMapped
    {
        private static readonly RegisterTable<ScratchRegister> Table = new(
            "scratch",
            new RegisterSpec("control", 0x0, 4, RegisterAccess.ReadWrite, 0x10, 0xff, "S \"s\"", "s."),
            new RegisterSpec("status", 0x4, 4, RegisterAccess.Write1Clear, 0xff, 0x0f, "S \"s\"", "s."),
            new RegisterSpec("causes", 0x8, 4, RegisterAccess.ReadClearWrite1Clear, 0x3, 0x1, "S \"s\"", "s."),
            new RegisterSpec("array", 0x10, 4, RegisterAccess.ReadWrite, 0, 0xffffffff, "S \"s\"", "s.") { Count = 4 },
            new RegisterSpec("enables", 0x20, 4, RegisterAccess.Write1Set, 0, 0xff, "S \"s\"", "s."));

        private readonly ScratchFault _fault;
        private readonly uint[] _array = new uint[4];
        private uint _control;
        private uint _status = 0xff;
        private uint _causes = 0x3;
        private uint _enables;

        public ScratchDevice(ScratchFault fault)
        {
            _fault = fault;
            _control = fault == ScratchFault.WrongReset ? 0x11u : 0x10u;
        }

        public string Name => "scratch";

        public AccessWidths Widths => AccessWidths.Word | AccessWidths.Half;

        public RegisterTable Registers => Table;

        public BusStatus Read(ulong offset, int sizeBytes, out ulong value)
        {
            var status = Peek(offset, sizeBytes, out value);
            if (offset == 8 && _fault != ScratchFault.NoReadClear)
            {
                _causes = 0;
            }

            return status;
        }

        public BusStatus Write(ulong offset, int sizeBytes, ulong value)
        {
            if (!Accepts(sizeBytes))
            {
                return BusStatus.Fault;
            }

            uint word = (uint)value;
            switch (offset)
            {
                case 0:
                    uint mask = _fault == ScratchFault.WrongMask ? 0x1ffu : 0xffu;
                    _control = (_control & ~mask) | (word & mask);
                    break;
                case 4:
                    _status &= ~(word & 0x0f);
                    break;
                case 8:
                    _causes &= ~(word & 0x01);
                    break;
                case >= 0x10 and < 0x20:
                    _array[Element(offset)] = word;
                    break;
                case 0x20:
                    _enables |= word & 0xff;
                    break;
            }

            return BusStatus.Ok;
        }

        public BusStatus Peek(ulong offset, int sizeBytes, out ulong value)
        {
            value = offset switch
            {
                0 => _control,
                4 => _status,
                8 => _causes,
                >= 0x10 and < 0x20 => _array[Element(offset)],
                0x20 => _enables,
                _ => 0,
            };
            return Accepts(sizeBytes) ? BusStatus.Ok : BusStatus.Fault;
        }

        private bool Accepts(int sizeBytes) => sizeBytes == 4 || _fault == ScratchFault.AnyWidth;

        private int Element(ulong offset) => _fault == ScratchFault.SharedElements ? 0 : (int)(offset - 0x10) / 4;
    }
}
