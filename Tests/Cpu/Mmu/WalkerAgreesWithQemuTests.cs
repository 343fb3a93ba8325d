using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Mmu;

namespace RiscvXv6.Tests.Cpu.Mmu;

/// <summary>
/// One Sv39 access in S-mode for each way in which an entry can be odd, with what qemu-system-riscv64 7.2.22 (virt,
/// rv64, h=false) was seen to do: mcause, and the low byte of the top entry afterwards.
/// </summary>
internal sealed class WalkerAgreesWithQemuTests
{
    private const ulong Root = 0x8000_0000;
    private const ulong Middle = Root + 0x1000;
    private const ulong Last = Root + 0x2000;
    private const ulong Data = 0x8000_0000;
    private const ulong ToMiddle = Middle >> 2 | 1;
    private const ulong ToLast = Last >> 2 | 1;
    private const ulong DataFrame = Data >> 2;
    private const ulong Marked = 0xC7;
    private const int None = -1;

    private static IEnumerable<object[]> Leaves =>
    [
        ["an ordinary page of 1 GiB", DataFrame | 0xC7, AccessKind.Load, "", None, 0xC7],
        ["misaligned by 2 MiB", DataFrame | 0x200000 >> 2 | 0xC7, AccessKind.Load, "", 13, 0xC7],
        ["misaligned by 4 KiB", DataFrame | 0x1000 >> 2 | 0xC7, AccessKind.Load, "", 13, 0xC7],
        ["W only", DataFrame | 0xC5, AccessKind.Load, "", 13, 0xC5],
        ["W and X", DataFrame | 0xCD, AccessKind.Load, "", 13, 0xCD],
        ["X only", DataFrame | 0xC9, AccessKind.Load, "", 13, 0xC9],
        ["X only under MXR", DataFrame | 0xC9, AccessKind.Load, "mxr", None, 0xC9],
        ["a user page", DataFrame | 0xD7, AccessKind.Load, "", 13, 0xD7],
        ["a user page under SUM", DataFrame | 0xD7, AccessKind.Load, "sum", None, 0xD7],
        ["a store to a read-only page", DataFrame | 0xC3, AccessKind.Store, "", 15, 0xC3],
        ["A clear", DataFrame | 0x07, AccessKind.Load, "", None, 0x47],
        ["a store with D clear", DataFrame | 0x47, AccessKind.Store, "", None, 0xC7],
        ["a store with A and D clear", DataFrame | 0x07, AccessKind.Store, "", None, 0xC7],
        ["RSW set", DataFrame | 0x3C7, AccessKind.Load, "", None, 0xC7],
        ["invalid", 0UL, AccessKind.Load, "", 13, 0x00],
    ];

    private static IEnumerable<object[]> Pointers =>
    [
        ["to a page of 2 MiB", ToMiddle, DataFrame | Marked, 0UL, None],
        ["with U", ToMiddle | 0x10, DataFrame | Marked, 0UL, 13],
        ["with G", ToMiddle | 0x20, DataFrame | Marked, 0UL, None],
        ["with A", ToMiddle | 0x40, DataFrame | Marked, 0UL, 13],
        ["with D", ToMiddle | 0x80, DataFrame | Marked, 0UL, 13],
        ["with bit 54", ToMiddle | 1UL << 54, DataFrame | Marked, 0UL, 13],
        ["with bit 58", ToMiddle | 1UL << 58, DataFrame | Marked, 0UL, 13],
        ["with bit 61", ToMiddle | 1UL << 61, DataFrame | Marked, 0UL, 13],
        ["with bit 63", ToMiddle | 1UL << 63, DataFrame | Marked, 0UL, 13],
        ["to a misaligned page of 2 MiB", ToMiddle, DataFrame | 0x1000 >> 2 | Marked, 0UL, 13],
        ["to a pointer to a page of 4 KiB", ToMiddle, ToLast, DataFrame | 0x5000 >> 2 | Marked, None],
        ["to a pointer to a pointer", ToMiddle, ToLast, DataFrame | 0x5000 >> 2 | 1, 13],
    ];

    [TestCaseSource(nameof(Leaves))]
    public void A_leaf_is_judged_as_QEMU_judges_it(
        string what, ulong entry, AccessKind kind, string mode, int cause, int lowByteAfter)
    {
        var (result, after) = Access(entry, 0, 0, kind, mode);

        Assert.That(result.IsFault ? (int)result.Cause : None, Is.EqualTo(cause), what);
        Assert.That(after & 0xFF, Is.EqualTo((ulong)lowByteAfter), what);
    }

    [TestCaseSource(nameof(Pointers))]
    public void A_pointer_is_judged_as_QEMU_judges_it(string what, ulong top, ulong middle, ulong last, int cause)
    {
        var (result, _) = Access(top, middle, last, AccessKind.Load, string.Empty);

        Assert.That(result.IsFault ? (int)result.Cause : None, Is.EqualTo(cause), what);
    }

    [Test]
    public void A_leaf_with_a_reserved_bit_faults([Range(54, 63)] int bit)
    {
        var (result, _) = Access(DataFrame | 0xC7 | 1UL << bit, 0, 0, AccessKind.Load, string.Empty);

        Assert.That(result.Cause, Is.EqualTo(13));
    }

    private static (TranslationResult Result, ulong TopEntry) Access(
        ulong top, ulong middle, ulong last, AccessKind kind, string mode)
    {
        using var ram = new GuestMemory("ram", new AddressRange(Root, 0x10000), writable: true);
        var bus = new SystemBus();
        bus.Map(ram);
        ram.WriteUnchecked(Root + 8, 8, top);
        ram.WriteUnchecked(Middle, 8, middle);
        ram.WriteUnchecked(Last, 8, last);
        var s = new HartState { Satp = (8UL << 60) | (Root >> 12), Menvcfg = 1UL << 61 };
        Pmp.WriteAddress(ref s, 0, Pmp.AddressWritable);
        Pmp.WriteConfig(ref s, 0, 0x1F);

        var result = Walker.Translate(
            ref s, bus, 0x4000_0000, kind, PrivilegeMode.Supervisor, sum: mode == "sum", mxr: mode == "mxr");

        return (result, ram.ReadUnchecked(Root + 8, 8));
    }
}
