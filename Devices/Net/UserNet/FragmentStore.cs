using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>Datagrams of guests that are not complete yet; some at once, for half a minute each.</summary>
internal sealed class FragmentStore
{
    private const int DatagramsMax = 8;

    /// <summary>
    /// As QEMU. Deviation: RFC 1122 "Reassembly" recommends one to two minutes, for hosts that are further away.
    /// </summary>
    private const ulong Seconds = 30;

    private readonly UserNetAddresses _addresses;
    private readonly IcmpResponder _icmp;
    private readonly ExpiringTable<Key> _keys;
    private readonly IPv4Reassembly?[] _datagrams = new IPv4Reassembly?[DatagramsMax];

    public FragmentStore(UserNetAddresses addresses, IcmpResponder icmp, IGuestClock clock, EventScheduler scheduler)
    {
        _addresses = addresses;
        _icmp = icmp;
        _keys = new ExpiringTable<Key>("user.fragments", DatagramsMax, Seconds, clock, scheduler, Removed);
    }

    private readonly record struct Key(
        IPv4Address Source, IPv4Address Destination, IpProtocol Protocol, ushort Identification);

    public void Reset() => _keys.Clear();

    /// <summary>Adds a fragment; true if the datagram is whole with it, and then valid until the next call.</summary>
    public bool TryAdd(in IPv4Packet fragment, out IPv4Packet whole)
    {
        whole = default;
        var key = new Key(fragment.Source, fragment.Destination, fragment.Protocol, fragment.Identification);
        int slot = _keys.Find(key);
        if (slot < 0)
        {
            slot = _keys.Add(key);
            (_datagrams[slot] ??= new IPv4Reassembly()).Begin();
        }

        var datagram = _datagrams[slot]!;
        bool isSound = datagram.TryAdd(fragment);
        bool isWhole = isSound && datagram.TryComplete(fragment, out whole);
        if (!isSound || isWhole)
        {
            _keys.Remove(slot);
        }

        return isWhole;
    }

    private void Removed(int slot, bool hasExpired)
    {
        var quotation = _datagrams[slot]!.Quotation;
        if (hasExpired && !quotation.IsEmpty)
        {
            _icmp.SendError(_addresses.Host, IcmpType.TimeExceeded, IcmpCode.Reassembly, quotation);
        }
    }
}
