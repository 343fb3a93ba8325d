using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu;

namespace RiscvXv6.Emulator.Machine;

/// <summary>Several observers as one.</summary>
internal sealed class HartObservers : IHartObserver
{
    private readonly List<IHartObserver> _observers = [];

    public IReadOnlyList<IHartObserver> All => _observers;

    public void Add(IHartObserver observer) => _observers.Add(observer);

    public void TrapTaken(Hart hart, ulong cause, ulong trapValue)
    {
        foreach (var observer in _observers)
        {
            observer.TrapTaken(hart, cause, trapValue);
        }
    }

    public void BusFault(Hart hart, ulong physicalAddress, int sizeBytes, bool isStore)
    {
        foreach (var observer in _observers)
        {
            observer.BusFault(hart, physicalAddress, sizeBytes, isStore);
        }
    }

    public void BlockBuilt(Hart hart, ulong virtualPc, GuestMemory memory, ulong physicalPc, int sizeBytes)
    {
        foreach (var observer in _observers)
        {
            observer.BlockBuilt(hart, virtualPc, memory, physicalPc, sizeBytes);
        }
    }
}
