using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Devices.Pci;

namespace RiscvXv6.Emulator.Machine;

/// <content>Network cards, and what their cables lead to.</content>
internal sealed unsafe partial class VirtMachine
{
    private readonly HostChannels _channels;
    private readonly List<Action> _whenQuiet = [];
    private readonly List<E1000> _nics = [];
    private readonly List<PacketObservers> _observers = [];
    private readonly List<INetworkBackend> _backends = [];

    /// <summary>What the far ends of network cables may use. Channels are opened before the machine runs.</summary>
    public NetworkContext Network { get; }

    /// <summary>The network cards, in the order of the setup.</summary>
    public IReadOnlyList<E1000> Nics => _nics;

    /// <summary>Has somebody told of each packet of a card, before the machine runs.</summary>
    /// <param name="nic">Its place in <see cref="Nics"/>.</param>
    public void ObservePackets(int nic, IPacketObserver observer) => _observers[nic].Add(observer);

    private void AddNics(IReadOnlyList<NicSetup> nics)
    {
        foreach (var nic in nics)
        {
            var backend = nic.CreateBackend(Network);
            _backends.Add(backend);
            var card = new E1000(nic.Name, nic.Options, _ram, Clock, Scheduler, backend);
            var observers = new PacketObservers();
            if (backend is ICardObserver capture)
            {
                observers.Add(capture);
            }

            card.Journal.Observer = observers;
            _nics.Add(card);
            _observers.Add(observers);
            _pci.Attach(nic.Device, 0, card);
        }

        // Both windows lead to the one bus that the cards share; without a card there is nothing behind them.
        var cost = nics.Count > 0 ? nics[0].Options.Bus.ToAccessCost(Clock) : AccessCost.OnChip;
        Bus.Map(MemoryMap.PciPorts.Range, new PciWindow("pci-pio", _pci, PciSpace.Io, 0), cost);
        Bus.Map(
            MemoryMap.PciMemory.Range,
            new PciWindow("pci-mmio", _pci, PciSpace.Memory, MemoryMap.PciMemory.Base),
            cost);
    }

    /// <summary>Ends the host's threads first, for they post to the machine.</summary>
    private void DisposeNetwork()
    {
        foreach (var backend in _backends)
        {
            (backend as IDisposable)?.Dispose();
        }

        _channels.Close();
    }
}
