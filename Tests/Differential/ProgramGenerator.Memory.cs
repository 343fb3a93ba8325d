using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Csr;

namespace RiscvXv6.Tests.Differential;

/// <content>Programs about what memory lets through: page tables and PMP.</content>
internal sealed partial class ProgramGenerator
{
    private const ulong Permitting = PageTables.Read | PageTables.Write | PageTables.Execute;

    private const ulong Lock = 0x80;

    private static readonly PrivilegeMode[] PagingModes =
        [PrivilegeMode.User, PrivilegeMode.Supervisor, PrivilegeMode.Supervisor, PrivilegeMode.Machine];

    private static void Paging(TestProgram program, Draw draw)
    {
        program.Mode = draw.Pick(PagingModes);
        var tables = new PageTables(program, draw.Between(3, 5));
        program.Csrs[CsrNumber.Satp] = tables.Satp | ((ulong)draw.Below(1 << 16) << 44);
        program.Csrs[CsrNumber.Mstatus] |= ((ulong)draw.Below(2) * MstatusBits.Sum) | ((ulong)draw.Below(2) * MstatusBits.Mxr);
        bool machine = program.Mode == PrivilegeMode.Machine;

        // Code and stub are mapped as they must be; the stub is S-mode's in any case.
        ulong user = program.Mode == PrivilegeMode.User ? PageTables.User : 0;
        ulong region = tables.Canonical(draw.Doubleword() & ~0x1FFF_FFFFUL);
        if (!machine)
        {
            program.CodeVirtual = region | 0x10_0000 | ((ulong)draw.Below(256) << 12);
        }

        program.StubVirtual = region | 0x5000;
        ulong touched = draw.Chance(50) ? PageTables.Accessed : 0;
        tables.TrySet(region | 0x5000, 0, PageTables.Leaf(Layout.SupervisorStub, PageTables.Execute | touched));
        tables.TrySet(
            program.CodeVirtual, 0, PageTables.Leaf(Layout.Code(program.Index), PageTables.Execute | PageTables.Read | user | touched));

        var writer = new SequenceWriter(program, draw);
        for (int page = 0; page < 14; page++)
        {
            MapData(program, draw, tables, writer, region);
        }

        ulong beyond = 1UL << Math.Min(63, 12 + 9 * tables.Levels);
        writer.BadAddresses.Add(region ^ beyond);
        writer.BadAddresses.Add(region | 0x1F00_0000);
        writer.BadAddresses.Add(draw.Doubleword() & ~0xFFFUL);
        if (machine)
        {
            writer.Write(1000, () => OneOf(
                draw, (50, writer.Integer), (25, writer.ModifiedPrivilege), (2, writer.TranslationFence), (1, writer.SupervisorStatus)));
            return;
        }

        writer.Write(1000, () => OneOf(
            draw, (50, writer.Integer), (20, writer.Access), (5, writer.FloatAccess), (5, writer.Amo), (3, writer.Reservation),
            (2, writer.Branch), (1, writer.TranslationFence), (1, writer.SupervisorStatus), (1, writer.LostJump)));
    }

    private static void MapData(TestProgram program, Draw draw, PageTables tables, SequenceWriter writer, ulong region)
    {
        int level = draw.Chance(75) ? 0 : draw.Between(1, tables.Levels - 1);
        ulong physical = Layout.Data(program.Index) + ((ulong)draw.Below(Layout.DataPages) << 12);
        ulong flags = draw.Chance(70)
            ? Permitting | (program.Mode == PrivilegeMode.User ? PageTables.User : 0)
            : draw.Word() & 0x1E;
        flags |= draw.Word() & (PageTables.Accessed | PageTables.Dirty | PageTables.Global | 0x300);

        // Neighbouring pages, so that accesses can cross from one to the other.
        ulong address = region | 0x40_0000 | ((ulong)draw.Below(8) << 12);
        ulong offset = 0;
        if (level > 0)
        {
            ulong size = 1UL << (12 + 9 * level);
            address = tables.Canonical(draw.Doubleword()) & ~(size - 1);

            // Not the last page: over its end lie the tables.
            physical = Layout.Data(program.Index) + ((ulong)draw.Below(Layout.DataPages - 1) << 12);
            offset = physical & (size - 1);
            physical &= ~(size - 1);
            if (draw.Chance(15))
            {
                physical |= 0x1000UL << draw.Below(9);
            }
        }

        ulong entry = PageTables.Leaf(physical, flags);
        bool plain = (flags & Permitting) == Permitting;
        if (draw.Chance(12))
        {
            plain = false;
            entry = draw.Below(5) switch
            {
                0 => entry & ~PageTables.Valid,
                1 => entry | (1UL << draw.Between(54, 63)),
                2 => HolePage(draw, region, program.Mode, ref address, ref level),
                3 => entry & ~0x0EUL,
                _ => entry ^ (1UL << draw.Between(1, 7)),
            };
        }

        ulong pointer = draw.Chance(5) ? 1UL << draw.Pick<int>([4, 5, 6, 7, 54, 60, 63]) : 0;
        bool isPointer = (entry & 0x0F) == PageTables.Valid;
        bool isHole = (entry >> 10 << 12 & ~0xFFFUL) == Layout.Hole;
        if (!(isPointer && level > 0) && tables.TrySet(address, level, entry, pointer))
        {
            if (isHole)
            {
                writer.BadAddresses.Add(address);
                return;
            }

            writer.Windows.Add((address + offset, Layout.PageBytes));
            if (plain)
            {
                writer.AtomicWindows.Add((address + offset, Layout.PageBytes));
            }
        }
        else if (writer.Windows.Count == 0)
        {
            writer.Windows.Add((region | 0x40_0000, Layout.PageBytes));
        }
    }

    /// <summary>
    /// A page without memory behind it: without neighbours, dirty already, and the program's own; see <see cref="Exclusions"/>.
    /// </summary>
    private static ulong HolePage(Draw draw, ulong region, PrivilegeMode mode, ref ulong address, ref int level)
    {
        level = 0;
        address = region | 0x50_0000 | ((ulong)draw.Below(8) << 13);
        ulong user = mode == PrivilegeMode.User ? PageTables.User : 0;
        return PageTables.Leaf(Layout.Hole, Permitting | PageTables.Dirty | user);
    }

    private static void Pmp(TestProgram program, Draw draw)
    {
        ulong data = Layout.Data(program.Index);
        bool fine = program.Mode != PrivilegeMode.User;
        bool machine = program.Mode == PrivilegeMode.Machine;
        bool words = fine && draw.Chance(50);
        ulong configs0 = 0, configs2 = EverythingPermitted << 56;
        for (int entry = 0; entry < 15; entry++)
        {
            ulong kind = words ? (ulong)draw.Below(4) : draw.Pick<ulong>([0, 1, 3, 3]);
            ulong permission = draw.Pick<ulong>([0, 1, 3, 3, 4, 5, 7, 7]);
            ulong config = (kind << 3) | permission;

            // A lock stays for all programs to come, but covers this one's data only. Entry 0 would reach down to address 0.
            if (machine && entry == 14 - program.Index / 4 && entry > 0)
            {
                config |= Lock;
            }

            program.Csrs[CsrNumber.Pmpaddr0 + entry] = PmpAddress(draw, data, kind, fine, words);
            if (entry < 8)
            {
                configs0 |= config << (8 * entry);
            }
            else
            {
                configs2 |= config << (8 * (entry - 8));
            }
        }

        program.Csrs[CsrNumber.Pmpcfg0] = configs0;
        program.Csrs[CsrNumber.Pmpcfg2] = configs2;
        var writer = Bare(program, draw);
        writer.FenceBeforeAccess = fine;
        writer.StaysInPage = true;
        writer.IsAligned = words;
        program.Csrs[CsrNumber.Mstatus] &= ~MstatusBits.Tvm;
        if (machine)
        {
            writer.Write(1000, () => OneOf(
                draw, (50, writer.Integer), (15, writer.ModifiedPrivilege), (15, writer.Access), (2, writer.PmpCsr)));
            return;
        }

        writer.Write(1000, () => OneOf(
            draw, (50, writer.Integer), (20, writer.Access), (5, writer.FloatAccess), (5, writer.Amo), (3, writer.Reservation),
            (1, writer.PmpCsr), (1, writer.Branch)));
    }

    /// <summary>
    /// A bound or a power-of-two range within the data pages: of whole pages, or if <paramref name="fine"/> of doublewords,
    /// or with <paramref name="words"/> of words.
    /// </summary>
    private static ulong PmpAddress(Draw draw, ulong data, ulong kind, bool fine, bool words)
    {
        ulong offset = (ulong)draw.Below(Layout.DataPages * (int)Layout.PageBytes);
        int granule = fine && draw.Chance(60) ? draw.Between(words ? 2 : 3, 11) : draw.Between(12, 13);
        ulong address = (data + offset) & ~((1UL << granule) - 1);
        return kind == 3 && granule > 2 ? (address >> 2) | ((1UL << (granule - 3)) - 1) : address >> 2;
    }
}
