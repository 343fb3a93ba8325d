using RiscvXv6.Devices.Bus;
using RiscvXv6.Emulator.Cpu.Csr;

namespace RiscvXv6.Emulator.Cpu.Mmu;

/// <summary>
/// The page-table walker: Priv "Virtual Address Translation Process", every time from the root. It caches nothing, and
/// sets A and D bits when menvcfg.ADUE says so.
/// </summary>
internal static class Walker
{
    private const int PageShift = 12;
    private const int VpnBits = 9;
    private const int PteSizeBytes = 8;

    private enum LeafOutcome
    {
        Ok,
        PageFault,
        AccessFault,
    }

    /// <summary>Translates one byte's address; an access that crosses a page needs two.</summary>
    /// <param name="s">The hart: satp, menvcfg and PMP are read, and the courtesy flag may be set.</param>
    /// <param name="bus">Where page tables are; they must be in memory, not in a device.</param>
    /// <param name="virtualAddress">Any 64-bit value.</param>
    /// <param name="kind">What the access wants.</param>
    /// <param name="effective">The current privilege, for loads and stores with MPRV applied.</param>
    /// <param name="sum">mstatus.SUM.</param>
    /// <param name="mxr">mstatus.MXR.</param>
    /// <returns>An address that PMP and the bus have yet to accept, or the exception.</returns>
    public static TranslationResult Translate(
        ref HartState s,
        SystemBus bus,
        ulong virtualAddress,
        AccessKind kind,
        PrivilegeMode effective,
        bool sum,
        bool mxr)
    {
        int mode = Satp.Mode(s.Satp);
        if (effective == PrivilegeMode.Machine || mode == Satp.ModeBare)
        {
            return TranslationResult.Bare(virtualAddress);
        }

        int levels = mode - Satp.ModeSv39 + 3;
        if (!IsCanonical(virtualAddress, PageShift + levels * VpnBits))
        {
            return TranslationResult.PageFault(kind);
        }

        ulong table = Satp.RootAddress(s.Satp);
        for (int level = levels - 1; level >= 0; level--)
        {
            int shift = PageShift + level * VpnBits;
            ulong pteAddress = table + (virtualAddress >> shift & ((1 << VpnBits) - 1)) * PteSizeBytes;
            if (!TryReadPte(ref s, bus, pteAddress, out var pte))
            {
                return TranslationResult.AccessFault(kind);
            }

            if (!pte.IsWellFormed)
            {
                return TranslationResult.PageFault(kind);
            }

            if (!pte.IsLeaf)
            {
                table = pte.PhysicalAddress;
                continue;
            }

            ulong offsetMask = (1UL << shift) - 1;
            bool misaligned = (pte.PhysicalAddress & offsetMask) != 0;
            if (misaligned || !IsPermitted(pte, kind, effective, sum, mxr))
            {
                return TranslationResult.PageFault(kind);
            }

            return FinishLeaf(ref s, bus, pteAddress, pte, kind) switch
            {
                LeafOutcome.PageFault => TranslationResult.PageFault(kind),
                LeafOutcome.AccessFault => TranslationResult.AccessFault(kind),
                _ => new TranslationResult(
                    TranslationResult.NoFault,
                    pte.PhysicalAddress | (virtualAddress & offsetMask),
                    shift,
                    pte.Writable,
                    pte.Dirty || kind == AccessKind.Store),
            };
        }

        return TranslationResult.PageFault(kind);
    }

    /// <summary>
    /// All bits above the topmost translated one must equal it (Priv "Sv39", "Addressing and Memory Protection").
    /// </summary>
    private static bool IsCanonical(ulong address, int bits) =>
        (ulong)((long)(address << (64 - bits)) >> (64 - bits)) == address;

    private static bool IsPermitted(PageTableEntry pte, AccessKind kind, PrivilegeMode effective, bool sum, bool mxr)
    {
        // S-mode never executes from a page of U-mode, and touches its data with SUM only.
        bool privilegeFits = effective == PrivilegeMode.User
            ? pte.User
            : !pte.User || (sum && kind != AccessKind.Fetch);
        return privilegeFits && kind switch
        {
            AccessKind.Load => pte.Readable || (mxr && pte.Executable),
            AccessKind.Store => pte.Writable,
            _ => pte.Executable,
        };
    }

    /// <summary>Priv "Virtual Address Translation Process": the A and D bits, set here or faulted upon.</summary>
    private static LeafOutcome FinishLeaf(
        ref HartState s, SystemBus bus, ulong pteAddress, PageTableEntry pte, AccessKind kind)
    {
        ulong wanted = PageTableEntry.AccessedBit | (kind == AccessKind.Store ? PageTableEntry.DirtyBit : 0);
        if ((pte.Raw & wanted) == wanted)
        {
            return LeafOutcome.Ok;
        }

        if ((s.Menvcfg & EnvironmentBits.Adue) == 0)
        {
            return LeafOutcome.PageFault;
        }

        var memory = bus.FindMemory(pteAddress, PteSizeBytes);
        if (memory is not { Writable: true }
            || !Pmp.Check(ref s, pteAddress, PteSizeBytes, AccessKind.Store, PrivilegeMode.Supervisor))
        {
            return LeafOutcome.AccessFault;
        }

        memory.WriteUnchecked(pteAddress, PteSizeBytes, pte.Raw | wanted);
        return LeafOutcome.Ok;
    }

    private static bool TryReadPte(ref HartState s, SystemBus bus, ulong address, out PageTableEntry pte)
    {
        var memory = bus.FindMemory(address, PteSizeBytes);
        if (memory is null || !Pmp.Check(ref s, address, PteSizeBytes, AccessKind.Load, PrivilegeMode.Supervisor))
        {
            pte = default;
            return false;
        }

        pte = new PageTableEntry(memory.ReadUnchecked(address, PteSizeBytes));
        return true;
    }
}
