using RiscvXv6.Devices.Memory;

namespace RiscvXv6.Emulator.Cpu;

/// <summary>Listens to what happens rarely enough to be told of one at a time: traces and diagnostics subscribe.</summary>
internal interface IHartObserver
{
    /// <summary>A trap is about to be taken; the state is that before it.</summary>
    void TrapTaken(Hart hart, ulong cause, ulong trapValue);

    /// <summary>A load or store found nothing at a physical address, or a device refused its width.</summary>
    void BusFault(Hart hart, ulong physicalAddress, int sizeBytes, bool isStore);

    /// <summary>A block was predecoded.</summary>
    void BlockBuilt(Hart hart, ulong virtualPc, GuestMemory memory, ulong physicalPc, int sizeBytes);
}
