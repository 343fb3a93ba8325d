using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Mmu;

namespace RiscvXv6.Tests.Cpu.Mmu;

/// <summary>What the translation oracle gets wrong on purpose.</summary>
internal enum WalkerMistake
{
    None,
    IgnoresSum,
    FetchesFromUserPages,
    IgnoresMxr,
    AcceptsNonCanonical,
    AcceptsMisalignedSuperpage,
    AcceptsReservedBits,
    AcceptsWriteOnly,
    AcceptsMarkedPointers,
    LoadsSetDirty,
    StoresLeaveDirty,
    TablesBypassPmp,
    MarkingBypassesPmp,
    TableFaultsAreLoads,
}

/// <summary>What the oracle expects of one access.</summary>
/// <param name="Cause">The exception code, or null.</param>
/// <param name="Address">The physical address if there is no exception.</param>
/// <param name="LeafLevel">Counted from 0 for a 4 KiB page.</param>
/// <param name="Writable">W of the leaf.</param>
/// <param name="Dirty">D of the leaf when all is done.</param>
internal readonly record struct PlainTranslation(int? Cause, ulong Address, int LeafLevel, bool Writable, bool Dirty);

/// <summary>
/// Priv "Virtual Address Translation Process", told in the order of its steps over a dictionary of doublewords: the
/// oracle for <c>Walker</c>. Marks A and D in the dictionary.
/// </summary>
internal sealed class PlainWalker(
    Dictionary<ulong, ulong> doublewords, PlainPmp pmp, int levels, ulong rootPage, bool adue, WalkerMistake mistake)
{
    public PlainTranslation Translate(ulong va, AccessKind kind, bool user, bool sum, bool mxr)
    {
        int accessFault = kind switch { AccessKind.Fetch => 1, AccessKind.Load => 5, _ => 7 };
        int pageFault = kind switch { AccessKind.Fetch => 12, AccessKind.Load => 13, _ => 15 };
        if (mistake == WalkerMistake.TableFaultsAreLoads)
        {
            accessFault = 5;
        }

        // "Instruction fetch addresses and load and store effective addresses, which are 64 bits, must have bits 63-39
        // all equal to bit 38, or else a page-fault exception will occur." (Sv48: 63-48 and 47; Sv57: 63-57 and 56.)
        int top = 12 + 9 * levels - 1;
        for (int bit = top; bit < 64 && mistake != WalkerMistake.AcceptsNonCanonical; bit++)
        {
            if (Bit(va, bit) != Bit(va, top))
            {
                return Fault(pageFault);
            }
        }

        // Step 1: let a be satp.ppn × PAGESIZE, and let i = LEVELS - 1.
        ulong a = rootPage * 4096;
        int i = levels - 1;
        while (true)
        {
            // Step 2: let pte be the value at a + va.vpn[i] × PTESIZE.
            ulong where = a + Slice(va, 12 + 9 * i, 9) * 8;
            bool readable = mistake == WalkerMistake.TablesBypassPmp
                || pmp.Allows(where, 8, AccessKind.Load, PrivilegeMode.Supervisor);
            if (!doublewords.TryGetValue(where, out ulong pte) || !readable)
            {
                return Fault(accessFault);
            }

            bool v = Bit(pte, 0), r = Bit(pte, 1), w = Bit(pte, 2), x = Bit(pte, 3), u = Bit(pte, 4);
            bool accessed = Bit(pte, 6), dirty = Bit(pte, 7);

            // Step 3: invalid, reserved encodings, reserved bits.
            bool writeOnly = !r && w && mistake != WalkerMistake.AcceptsWriteOnly;
            bool reserved = Slice(pte, 54, 10) != 0 && mistake != WalkerMistake.AcceptsReservedBits;
            if (!v || writeOnly || reserved)
            {
                return Fault(pageFault);
            }

            // Step 4: a pointer to the next level; its D, A and U "are reserved for future standard use".
            if (!r && !x && !w)
            {
                if ((u || accessed || dirty) && mistake != WalkerMistake.AcceptsMarkedPointers)
                {
                    return Fault(pageFault);
                }

                i--;
                if (i < 0)
                {
                    return Fault(pageFault);
                }

                a = Slice(pte, 10, 44) * 4096;
                continue;
            }

            // Misaligned superpage: pte.ppn[i-1:0] must be zero.
            bool misaligned = i > 0 && Slice(pte, 10, 9 * i) != 0;
            if (misaligned && mistake != WalkerMistake.AcceptsMisalignedSuperpage)
            {
                return Fault(pageFault);
            }

            // May this privilege touch the page at all, and is this kind of access permitted?
            if (user && !u)
            {
                return Fault(pageFault);
            }

            bool supervisorMayTouchUser = kind == AccessKind.Fetch
                ? mistake == WalkerMistake.FetchesFromUserPages
                : sum || mistake == WalkerMistake.IgnoresSum;
            if (!user && u && !supervisorMayTouchUser)
            {
                return Fault(pageFault);
            }

            bool mayLoad = r || (mxr && x && mistake != WalkerMistake.IgnoresMxr);
            if (!(kind switch { AccessKind.Load => mayLoad, AccessKind.Store => w, _ => x }))
            {
                return Fault(pageFault);
            }

            // A clear, or a store and D clear: page fault, or set them here (Svadu).
            bool setDirty = kind == AccessKind.Store && mistake != WalkerMistake.StoresLeaveDirty;
            setDirty |= kind == AccessKind.Load && mistake == WalkerMistake.LoadsSetDirty;
            if (!accessed || (setDirty && !dirty))
            {
                if (!adue)
                {
                    return Fault(pageFault);
                }

                bool writable = mistake == WalkerMistake.MarkingBypassesPmp
                    || pmp.Allows(where, 8, AccessKind.Store, PrivilegeMode.Supervisor);
                if (!writable)
                {
                    return Fault(accessFault);
                }

                doublewords[where] = pte | 64 | (setDirty ? 128UL : 0);
            }

            // pa.ppn[LEVELS-1:i] = pte.ppn[LEVELS-1:i]; for a superpage, pa.ppn[i-1:0] = va.vpn[i-1:0].
            ulong kept = Slice(pte, 10 + 9 * i, 44 - 9 * i), untranslated = Slice(va, 0, 12 + 9 * i);
            return new PlainTranslation(null, (kept << (12 + 9 * i)) + untranslated, i, w, dirty || setDirty);
        }
    }

    private static PlainTranslation Fault(int cause) => new(cause, 0, 0, false, false);

    private static bool Bit(ulong value, int index) => Slice(value, index, 1) == 1;

    private static ulong Slice(ulong value, int from, int count) => (value >> from) & ((1UL << count) - 1);
}
