using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>A packet without its headers, held until its guest says where it is.</summary>
internal readonly record struct HeldPacket(
    IPv4Address Source, IPv4Address Destination, IpProtocol Protocol, byte[] Payload, ulong ExpiryCycles);

/// <summary>Packets to guests whose Ethernet address is not known yet, in order, so many and no more.</summary>
internal sealed class HeldPackets
{
    private const int CountMax = 64;
    private const int BytesMax = 256 * 1024;

    private readonly List<HeldPacket> _packets = new(CountMax);
    private int _bytes;

    public int Count => _packets.Count;

    /// <summary>False if there is no room.</summary>
    public bool TryAdd(in HeldPacket packet)
    {
        if (_packets.Count == CountMax || _bytes + packet.Payload.Length > BytesMax)
        {
            return false;
        }

        _packets.Add(packet);
        _bytes += packet.Payload.Length;
        return true;
    }

    /// <summary>Whether something waits for a guest.</summary>
    public bool HasAny(IPv4Address destination)
    {
        foreach (var packet in _packets)
        {
            if (packet.Destination == destination)
            {
                return true;
            }
        }

        return false;
    }

    public HeldPacket this[int index] => _packets[index];

    /// <summary>Takes out the first packet for a guest.</summary>
    public bool TryTake(IPv4Address destination, out HeldPacket packet)
    {
        for (int i = 0; i < _packets.Count; i++)
        {
            if (_packets[i].Destination == destination)
            {
                packet = _packets[i];
                RemoveAt(i);
                return true;
            }
        }

        packet = default;
        return false;
    }

    /// <summary>Throws away what has waited long enough. Returns how many.</summary>
    public int Expire(ulong nowCycles)
    {
        int expired = 0;
        while (_packets.Count > 0 && _packets[0].ExpiryCycles <= nowCycles)
        {
            RemoveAt(0);
            expired++;
        }

        return expired;
    }

    public void Clear()
    {
        _packets.Clear();
        _bytes = 0;
    }

    private void RemoveAt(int index)
    {
        _bytes -= _packets[index].Payload.Length;
        _packets.RemoveAt(index);
    }
}
