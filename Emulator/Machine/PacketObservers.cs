using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net.Middleware;

namespace RiscvXv6.Emulator.Machine;

/// <summary>All who want to know of a card's packets: its captures, of those that came, and reports, of all.</summary>
internal sealed class PacketObservers : IPacketObserver
{
    private readonly List<ICardObserver> _captures = [];
    private readonly List<IPacketObserver> _others = [];

    public void Add(ICardObserver capture)
    {
        capture.BeginObserving();
        _captures.Add(capture);
    }

    public void Add(IPacketObserver observer) => _others.Add(observer);

    void IPacketObserver.Completed(in PacketRecord record)
    {
        if (record.Direction == PacketDirection.Receive)
        {
            foreach (var capture in _captures)
            {
                capture.Settled(record.FirstCycle, record.LengthBytes, record.DescriptorIndex, InWords(record.Drop));
            }
        }

        foreach (var other in _others)
        {
            other.Completed(record);
        }
    }

    private static string? InWords(PacketDrop drop) => drop switch
    {
        PacketDrop.None => null,
        PacketDrop.CableFull => "cable full",
        PacketDrop.LinkDown => "link down",
        PacketDrop.Disabled => "receiver off",
        PacketDrop.Filtered => "no filter wants it",
        PacketDrop.BadFcs => "bad FCS",
        PacketDrop.TooShort => "too short",
        PacketDrop.TooLong => "too long",
        PacketDrop.FifoFull => "FIFO full",
        PacketDrop.Control => "control frame",
        PacketDrop.DmaFault => "its memory is not RAM",
        _ => "dropped",
    };
}
