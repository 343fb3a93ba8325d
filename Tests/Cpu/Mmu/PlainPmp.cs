using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Mmu;

namespace RiscvXv6.Tests.Cpu.Mmu;

/// <summary>What the PMP oracle gets wrong on purpose.</summary>
internal enum PmpMistake
{
    None,
    LastEntryWins,
    PartialMatchPasses,
    LockDoesNotBindMachine,
    UnmatchedUserPasses,
    TopIsInclusive,
    NapotHalfAsLarge,
}

/// <summary>
/// Priv "Physical Memory Protection" byte by byte and bit by bit: which entry matches this byte? The oracle for
/// <c>Pmp</c>.
/// </summary>
internal sealed class PlainPmp(byte[] config, ulong[] address, PmpMistake mistake = PmpMistake.None)
{
    public bool Allows(ulong first, int sizeBytes, AccessKind kind, PrivilegeMode mode)
    {
        // "Statically prioritized. The lowest-numbered PMP entry that matches any byte of an access determines".
        var bytes = Enumerable.Range(0, sizeBytes).Select(i => first + (ulong)i).ToArray();
        var entries = Enumerable.Range(0, config.Length);
        if (mistake == PmpMistake.LastEntryWins)
        {
            entries = entries.Reverse();
        }

        foreach (int entry in entries)
        {
            if (!bytes.Any(b => Matches(entry, b)))
            {
                continue;
            }

            if (!bytes.All(b => Matches(entry, b)) && mistake != PmpMistake.PartialMatchPasses)
            {
                return false;
            }

            bool locked = Bit(config[entry], 7) && mistake != PmpMistake.LockDoesNotBindMachine;
            if (mode == PrivilegeMode.Machine && !locked)
            {
                return true;
            }

            return Bit(config[entry], kind == AccessKind.Load ? 0 : kind == AccessKind.Store ? 1 : 2);
        }

        return mode == PrivilegeMode.Machine || mistake == PmpMistake.UnmatchedUserPasses;
    }

    private bool Matches(int entry, ulong byteAddress)
    {
        int matching = (Bit(config[entry], 4) ? 2 : 0) + (Bit(config[entry], 3) ? 1 : 0);
        return matching switch
        {
            0 => false,
            1 => byteAddress >= (entry == 0 ? 0 : address[entry - 1] * 4)
                && IsBelowTop(byteAddress, address[entry] * 4),
            2 => SameBitsFrom(2, address[entry], byteAddress),
            _ => SameBitsFrom(NapotLog2Size(address[entry]), address[entry], byteAddress),
        };
    }

    private bool IsBelowTop(ulong byteAddress, ulong top) =>
        mistake == PmpMistake.TopIsInclusive ? byteAddress <= top : byteAddress < top;

    /// <summary>Priv, table "NAPOT range encoding": yyyy...yyy0 is 8 bytes, yyyy...yy01 is 16, and so on.</summary>
    private int NapotLog2Size(ulong pmpaddr)
    {
        int log2 = mistake == PmpMistake.NapotHalfAsLarge ? 2 : 3;
        for (int bit = 0; Bit(pmpaddr, bit); bit++)
        {
            log2++;
        }

        return log2;
    }

    /// <summary>
    /// pmpaddr holds bits 55:2 of an address; all from <paramref name="lowest"/> up must be the byte's.
    /// </summary>
    private static bool SameBitsFrom(int lowest, ulong pmpaddr, ulong byteAddress)
    {
        if (byteAddress >> 57 != 0)
        {
            return false;
        }

        for (int bit = lowest; bit < 57; bit++)
        {
            if (Bit(pmpaddr, bit - 2) != Bit(byteAddress, bit))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Bit(ulong value, int index) => (value >> index) % 2 == 1;
}
