using System.Numerics;
using RiscvXv6.Emulator.Cpu.Csr;

namespace RiscvXv6.Emulator.Cpu.Mmu;

/// <summary>
/// Priv "Physical Memory Protection": 16 entries of 4-byte granularity. Each write to a CSR recomputes the byte ranges,
/// so that a check compares numbers only.
/// </summary>
internal static unsafe class Pmp
{
    /// <summary>R, W, X, A and L; the two bits between A and L are read-only zero.</summary>
    public const byte ConfigWritable = Lock | AddressMatching | Execute | Write | Read;

    /// <summary>Bits 55:2 of a 56-bit physical address.</summary>
    public const ulong AddressWritable = (1UL << 54) - 1;

    private const byte Read = 1 << 0;
    private const byte Write = 1 << 1;
    private const byte Execute = 1 << 2;
    private const byte AddressMatching = 3 << 3;
    private const byte Lock = 1 << 7;

    private const int Off = 0 << 3;
    private const int TopOfRange = 1 << 3;
    private const int NaturallyAligned4 = 2 << 3;

    private const int EntriesPerConfig = 8;

    /// <summary>pmpcfg0 (<paramref name="firstEntry"/> 0) or pmpcfg2 (8).</summary>
    public static ulong ReadConfig(ref HartState s, int firstEntry)
    {
        ulong value = 0;
        for (int i = 0; i < EntriesPerConfig; i++)
        {
            // SAFETY: firstEntry is 0 or 8, so the index is below PmpEntryCount.
            value |= (ulong)s.PmpConfig[firstEntry + i] << (8 * i);
        }

        return value;
    }

    /// <summary>
    /// Writes the eight entries from <paramref name="firstEntry"/> (0 or 8); locked ones stay as they are.
    /// </summary>
    public static CsrEffects WriteConfig(ref HartState s, int firstEntry, ulong value)
    {
        for (int i = 0; i < EntriesPerConfig; i++)
        {
            // SAFETY: firstEntry is 0 or 8, so the index is below PmpEntryCount.
            if ((s.PmpConfig[firstEntry + i] & Lock) == 0)
            {
                s.PmpConfig[firstEntry + i] = Legalise((byte)(value >> (8 * i)));
            }
        }

        return NoteWrite(ref s);
    }

    public static ulong ReadAddress(ref HartState s, int entry)
    {
        // SAFETY: the CSR table makes rows for entries 0 to PmpEntryCount - 1 only.
        return s.PmpAddress[entry];
    }

    /// <summary>
    /// Ignored if the entry is locked, or if the next one is locked and uses this address as its bottom.
    /// </summary>
    public static CsrEffects WriteAddress(ref HartState s, int entry, ulong value)
    {
        // SAFETY: the CSR table makes rows for entries 0 to PmpEntryCount - 1 only; the next entry is bounded below.
        bool locked = (s.PmpConfig[entry] & Lock) != 0;
        if (entry + 1 < HartState.PmpEntryCount)
        {
            byte next = s.PmpConfig[entry + 1];
            locked |= (next & Lock) != 0 && (next & AddressMatching) == TopOfRange;
        }

        if (!locked)
        {
            s.PmpAddress[entry] = value & AddressWritable;
        }

        return NoteWrite(ref s);
    }

    /// <summary>
    /// Recomputes the ranges from PmpConfig and PmpAddress; also to be called after a state was restored.
    /// </summary>
    public static void Rebuild(ref HartState s)
    {
        s.PmpActiveCount = 0;
        ulong bottom = 0;
        for (int i = 0; i < HartState.PmpEntryCount; i++)
        {
            // SAFETY: i is below PmpEntryCount, the length of all four buffers.
            ulong address = s.PmpAddress[i];
            var (first, last) = RangeOf(s.PmpConfig[i] & AddressMatching, bottom, address);
            s.PmpFirst[i] = first;
            s.PmpLast[i] = last;
            if (first <= last)
            {
                s.PmpActiveCount = i + 1;
            }

            bottom = address;
        }
    }

    /// <summary>True if the access may proceed. Priv "Priority and Matching Logic".</summary>
    /// <param name="s">The hart.</param>
    /// <param name="address">Physical address of the first byte.</param>
    /// <param name="sizeBytes">At least 1.</param>
    /// <param name="kind">What the access wants.</param>
    /// <param name="mode">The effective privilege: MPRV applied, and S for the walker's own accesses.</param>
    public static bool Check(ref HartState s, ulong address, int sizeBytes, AccessKind kind, PrivilegeMode mode)
    {
        ulong lastByte = address + (ulong)(sizeBytes - 1);
        for (int i = 0; i < s.PmpActiveCount; i++)
        {
            // SAFETY: PmpActiveCount is at most PmpEntryCount.
            ulong first = s.PmpFirst[i], last = s.PmpLast[i];
            if (first > last || lastByte < first || address > last)
            {
                continue;
            }

            // "The matching PMP entry must match all bytes of an access, or the access fails", whatever its bits.
            if (address < first || lastByte > last)
            {
                return false;
            }

            byte config = s.PmpConfig[i];
            return (mode == PrivilegeMode.Machine && (config & Lock) == 0) || (config & Wanted(kind)) != 0;
        }

        return mode == PrivilegeMode.Machine || TakeCourtesy(ref s);
    }

    /// <summary>
    /// True if no entry begins or ends inside the 4 KiB page at <paramref name="pageAddress"/> before one covers it
    /// whole: then one <see cref="Check"/> per kind and mode speaks for every access within the page.
    /// </summary>
    public static bool PageIsUniform(ref HartState s, ulong pageAddress)
    {
        const ulong LastOffset = (1UL << 12) - 1;
        ulong pageFirst = pageAddress & ~LastOffset, pageLast = pageAddress | LastOffset;
        for (int i = 0; i < s.PmpActiveCount; i++)
        {
            // SAFETY: PmpActiveCount is at most PmpEntryCount.
            ulong first = s.PmpFirst[i], last = s.PmpLast[i];
            if (first <= last && pageLast >= first && pageFirst <= last)
            {
                return pageFirst >= first && pageLast <= last;
            }
        }

        return true;
    }

    /// <summary>R = 0 with W = 1 is reserved; such a write loses W.</summary>
    private static byte Legalise(byte config)
    {
        config &= ConfigWritable;
        return (config & (Read | Write)) == Write ? (byte)(config & ~Write) : config;
    }

    private static CsrEffects NoteWrite(ref HartState s)
    {
        s.PmpTouched = true;
        Rebuild(ref s);
        return CsrEffects.TranslationFlush;
    }

    /// <summary>First and last byte that an entry matches; first is above last if it matches nothing.</summary>
    private static (ulong First, ulong Last) RangeOf(int matching, ulong bottom, ulong address)
    {
        switch (matching)
        {
            case TopOfRange when bottom < address:
                return (bottom << 2, (address << 2) - 1);
            case Off or TopOfRange:
                return (1, 0);
            case NaturallyAligned4:
                return (address << 2, (address << 2) | 3);
            default:
                // NAPOT: n trailing ones stand for a range of 2^(n+3) bytes.
                ulong inside = (1UL << (BitOperations.TrailingZeroCount(~address) + 1)) - 1;
                return ((address & ~inside) << 2, ((address | inside) << 2) | 3);
        }
    }

    private static byte Wanted(AccessKind kind) => kind switch
    {
        AccessKind.Load => Read,
        AccessKind.Store => Write,
        _ => Execute,
    };

    /// <summary>
    /// "If no PMP entry matches an S-mode or U-mode access, but at least one PMP entry is implemented, the access
    /// fails." Deviation: kernels from before August 2021 know no PMP, and QEMU of their time let them pass.
    /// </summary>
    private static bool TakeCourtesy(ref HartState s)
    {
        if (!s.PmpCourtesy || s.PmpTouched)
        {
            return false;
        }

        s.PmpCourtesyUsed = true;
        return true;
    }
}
