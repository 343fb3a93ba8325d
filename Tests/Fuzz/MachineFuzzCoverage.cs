using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>What the fuzzed guests reached: a fuzzer that only ever traps at its first instruction proves nothing.</summary>
internal sealed class MachineFuzzCoverage : IHartObserver
{
    /// <summary>Trap causes seen, with the interrupt flag.</summary>
    public HashSet<ulong> Causes { get; } = [];

    /// <summary>Modes in which code was translated to run.</summary>
    public HashSet<PrivilegeMode> Modes { get; } = [];

    public long Traps { get; private set; }

    public long BusFaults { get; private set; }

    public long ConsoleBytes { get; set; }

    /// <summary>Guests that powered off, failed, or reset where that ends the run.</summary>
    public long Exits { get; set; }

    public long DisksChanged { get; set; }

    public ulong Retired { get; set; }

    public void TrapTaken(Hart hart, ulong cause, ulong trapValue)
    {
        Causes.Add(cause);
        Traps++;
    }

    public void BusFault(Hart hart, ulong physicalAddress, int sizeBytes, bool isStore) => BusFaults++;

    public unsafe void BlockBuilt(Hart hart, ulong virtualPc, GuestMemory memory, ulong physicalPc, int sizeBytes) =>
        Modes.Add(hart.State->Privilege);

    public override string ToString() =>
        $"{Retired} instructions, {Traps} traps of {Causes.Count} causes, modes {string.Join('/', Modes.Order())}, "
        + $"{BusFaults} bus faults, {ConsoleBytes} bytes printed, {DisksChanged} disks changed, {Exits} ended by the guest";
}
