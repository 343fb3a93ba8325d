using System.Security.Cryptography;

namespace RiscvXv6.Tests.Support;

/// <summary>A digest of everything that a guest could observe: two runs are the same if theirs agree.</summary>
internal static unsafe class GuestTrace
{
    /// <summary>Clock, registers, CSRs and counters of every hart, and the first bytes of RAM.</summary>
    public static string Of(BareMachine guest, int memoryBytes = 64 * 1024)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, guest.Machine.Clock.NowCycles);
        Append(hash, guest.Machine.RetiredInstructions);
        for (int hart = 0; hart < guest.Machine.Harts.Count; hart++)
        {
            var s = guest.State(hart);
            for (int register = 0; register < 32; register++)
            {
                Append(hash, s->X[register]);
                Append(hash, s->F[register]);
            }

            ulong[] others =
            [
                s->Pc, s->Instret, (ulong)s->Privilege, s->Waiting ? 1UL : 0, s->ReservationValid ? 1UL : 0, s->Mstatus,
                s->Mepc, s->Mcause, s->Mtval, s->Mip, s->Mie, s->Stimecmp, s->Fcsr, s->StallCycles,
            ];
            foreach (ulong value in others)
            {
                Append(hash, value);
            }
        }

        byte[] memory = new byte[memoryBytes];
        guest.Machine.Harts[0].Ram.TryRead(BareMachine.RamBase, memory);
        hash.AppendData(memory);
        hash.AppendData([.. guest.Output]);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, ulong value) => hash.AppendData(BitConverter.GetBytes(value));
}
