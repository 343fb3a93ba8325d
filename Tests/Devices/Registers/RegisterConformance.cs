using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Tests.Devices.Registers;

/// <summary>
/// Holds a device against one row of its register table, through loads and stores only, and says what does not fit. The
/// rules of the accesses are written out here once more, in plain words, so that the table's own code is under test too.
/// </summary>
internal sealed class RegisterConformance(MappedDeviceCase subject, RegisterSpec spec)
{
    private static readonly ulong[] Patterns =
        [ulong.MaxValue, 0, 0x5a5a5a5a_5a5a5a5a, 0xa5a5a5a5_a5a5a5a5, 0x01234567_89abcdef];

    private readonly List<string> _violations = [];

    private IMmioDevice _device = subject.Create();

    public IReadOnlyList<string> Check()
    {
        foreach (int group in Corners(spec.GroupCount))
        {
            foreach (int element in Corners(spec.Count))
            {
                ulong offset = spec.OffsetOf(group, element);
                string place = $"{spec.Name} at 0x{offset:x}";
                CheckReset(offset, place);
                CheckWidths(offset, place);
                if (!spec.IsLive)
                {
                    CheckStores(offset, place);
                    CheckNeighbours(offset, place);
                }
            }
        }

        return _violations;
    }

    private static IEnumerable<int> Corners(int count) => new[] { 0, count / 2, count - 1 }.Distinct();

    private void Restart()
    {
        _device = subject.Create();
        subject.SelectBank(_device, Math.Max(0, spec.Bank));
    }

    private void CheckReset(ulong offset, string place)
    {
        Restart();
        if (spec.Access != RegisterAccess.WriteOnly)
        {
            Expect(Peek(offset), subject.ValueAfterReset(offset) ?? spec.Reset, $"{place} after reset");
        }
    }

    private void CheckWidths(ulong offset, string place)
    {
        foreach (int sizeBytes in new[] { 1, 2, 4, 8 })
        {
            bool isBusError = ((int)_device.Widths & sizeBytes) == 0 || offset % (ulong)sizeBytes != 0;
            if (isBusError)
            {
                continue;
            }

            Restart();
            var expected = spec.Accepts(sizeBytes) ? BusStatus.Ok : BusStatus.Fault;
            bool isRight = _device.Peek(offset, sizeBytes, out _) == expected
                && _device.Read(offset, sizeBytes, out _) == expected
                && _device.Write(offset, sizeBytes, 0) == expected;
            if (!isRight)
            {
                _violations.Add($"{place}: an access of {sizeBytes} bytes should end as {expected}");
            }
        }
    }

    private void CheckStores(ulong offset, string place)
    {
        foreach (ulong before in Patterns)
        {
            foreach (ulong pattern in Patterns)
            {
                Restart();
                Store(offset, before);
                ulong old = Peek(offset);
                Store(offset, pattern);
                ulong expected = AfterStore(old, pattern & spec.WidthMask);
                string what = $"{place} after stores of {before & spec.WidthMask:x}, {pattern & spec.WidthMask:x}";
                Expect(Peek(offset), expected, what);
                Expect(Load(offset), expected, what + ", loaded");
                Expect(Peek(offset), ClearsOnLoad() ? 0 : expected, what + ", after the load");
            }
        }
    }

    /// <summary>The manual's words for each access, bit by bit.</summary>
    private ulong AfterStore(ulong old, ulong stored)
    {
        ulong result = 0;
        for (int bit = 0; bit < 64; bit++)
        {
            bool was = (old >> bit & 1) != 0;
            bool one = (stored >> bit & 1) != 0;
            bool canChange = (spec.WriteMask >> bit & 1) != 0;
            bool after = spec.Access switch
            {
                RegisterAccess.ReadWrite => canChange ? one : was,
                RegisterAccess.Write1Clear or RegisterAccess.ReadClearWrite1Clear => was && !(canChange && one),
                RegisterAccess.Write1Set => was || (canChange && one),
                RegisterAccess.WriteOnly => false,
                _ => was,
            };
            result |= after ? 1ul << bit : 0;
        }

        return result;
    }

    private bool ClearsOnLoad() => spec.Access is RegisterAccess.ReadClear or RegisterAccess.ReadClearWrite1Clear;

    private void CheckNeighbours(ulong offset, string place)
    {
        Restart();
        var before = PeekOthers(offset);
        Store(offset, ulong.MaxValue);
        subject.SelectBank(_device, Math.Max(0, spec.Bank));
        foreach (var ((name, after), (_, was)) in PeekOthers(offset).Zip(before))
        {
            Expect(after, was, $"{name} after a store to {place}");
        }
    }

    private List<(string Name, ulong Value)> PeekOthers(ulong offset)
    {
        var values = new List<(string, ulong)>();
        foreach (var other in subject.Table.Rows.Where(row => !row.IsLive && row.Access != RegisterAccess.WriteOnly))
        {
            bool isInView = other.Bank == RegisterSpec.AnyBank || other.Bank == Math.Max(0, spec.Bank);
            for (int index = 0; isInView && index < other.TotalCount; index++)
            {
                ulong place = other.OffsetOf(index / other.Count, index % other.Count);
                if (place != offset)
                {
                    _device.Peek(place, other.WidthBytes, out ulong value);
                    values.Add(($"{other.Name}[{index}]", value));
                }
            }
        }

        return values;
    }

    private ulong Peek(ulong offset)
    {
        _device.Peek(offset, spec.WidthBytes, out ulong value);
        return value;
    }

    private ulong Load(ulong offset)
    {
        _device.Read(offset, spec.WidthBytes, out ulong value);
        return value;
    }

    private void Store(ulong offset, ulong value) => _device.Write(offset, spec.WidthBytes, value & spec.WidthMask);

    private void Expect(ulong actual, ulong expected, string what)
    {
        if (actual != expected)
        {
            _violations.Add($"{what}: is 0x{actual:x}, should be 0x{expected:x}");
        }
    }
}
