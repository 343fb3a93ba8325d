using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// The addresses that DHCP gives away, and who has which. A client is known by its Ethernet address and always gets the
/// same again.
/// </summary>
/// <remarks>
/// Deviation: RFC 2131 "Client identifier" would have option 61 tell clients apart. A guest's firmware, boot loader and
/// kernel each send another one, and would get three addresses; QEMU looks at the Ethernet address alone as well.
/// </remarks>
internal sealed class DhcpLeases
{
    public const uint LeaseSeconds = 24 * 60 * 60;

    private const int CountMax = 256;

    private readonly Lease[] _leases;
    private readonly UserNetAddresses _addresses;
    private readonly GuestLink _link;
    private readonly IGuestClock _clock;

    public DhcpLeases(UserNetAddresses addresses, GuestLink link, IGuestClock clock)
    {
        _addresses = addresses;
        _link = link;
        _clock = clock;
        _leases = new Lease[Math.Min(addresses.Broadcast.Value - addresses.DhcpStart.Value, CountMax)];
    }

    private enum Status
    {
        /// <summary>Nobody's, though somebody may have had it.</summary>
        Free,

        /// <summary>Somebody may take it up, until somebody else needs it.</summary>
        Offered,

        /// <summary>Somebody's until the lease ends.</summary>
        Bound,

        /// <summary>A client found that somebody else has it.</summary>
        Declined,
    }

    /// <summary>The address that a client is to be offered; false if there is none left.</summary>
    public bool TryOffer(MacAddress client, IPv4Address wanted, out IPv4Address address)
    {
        int index = IndexOf(client);
        index = index >= 0 && IsFor(index, client) ? index
            : IndexOf(wanted) is var asked and >= 0 && IsFor(asked, client) ? asked
            : FindFree(client);
        address = index >= 0 ? AddressOf(index) : default;
        if (index >= 0 && _leases[index].Status != Status.Bound)
        {
            Take(index, client, Status.Offered);
        }

        return index >= 0;
    }

    /// <summary>Gives a client the address that it asks for; false if it can't have it.</summary>
    public bool TryBind(MacAddress client, IPv4Address address)
    {
        int index = IndexOf(address);
        if (index < 0 || !IsFor(index, client))
        {
            return false;
        }

        Take(index, client, Status.Bound);
        return true;
    }

    /// <summary>The client needs its address no more; should it come back, it gets it again.</summary>
    public void Release(MacAddress client, IPv4Address address)
    {
        int index = IndexOf(address);
        if (index >= 0 && _leases[index].Client == client)
        {
            _leases[index].Status = Status.Free;
        }
    }

    /// <summary>The client found that somebody else has the address.</summary>
    public void Decline(MacAddress client, IPv4Address address)
    {
        int index = IndexOf(address);
        if (index >= 0 && _leases[index].Client == client)
        {
            Take(index, default, Status.Declined);
        }
    }

    private IPv4Address AddressOf(int index) => new(_addresses.DhcpStart.Value + (uint)index);

    private int IndexOf(IPv4Address address)
    {
        uint index = address.Value - _addresses.DhcpStart.Value;
        return address.Value >= _addresses.DhcpStart.Value && index < _leases.Length ? (int)index : -1;
    }

    private int IndexOf(MacAddress client) => Array.FindIndex(_leases, lease => lease.Client == client);

    private void Take(int index, MacAddress client, Status status)
    {
        int other = client == default ? -1 : IndexOf(client);
        if (other >= 0 && other != index)
        {
            _leases[other] = default;
        }

        _leases[index] = new Lease(client, status, _clock.NowCycles);
    }

    /// <summary>
    /// Whether a client may have an address: it is nobody's, or its own, and no guest without a lease uses it.
    /// </summary>
    private bool IsFor(int index, MacAddress client)
    {
        var lease = _leases[index];
        bool isOthers = lease.Status is Status.Bound or Status.Declined && lease.Client != client
            && _clock.NowCycles - lease.SinceCycles < LeaseSeconds * _clock.CyclesPerSecond;
        return !isOthers
            && _addresses.CanBeGuest(AddressOf(index))
            && (!_link.TryFind(AddressOf(index), out var mac) || mac == client);
    }

    /// <summary>First what nobody ever had, then what was offered or free for the longest time.</summary>
    private int FindFree(MacAddress client)
    {
        int best = -1;
        for (int i = 0; i < _leases.Length; i++)
        {
            if (!IsFor(i, client))
            {
                continue;
            }

            if (_leases[i].Client == default && _leases[i].Status == Status.Free)
            {
                return i;
            }

            best = best < 0 || _leases[i].SinceCycles < _leases[best].SinceCycles ? i : best;
        }

        return best;
    }

    private record struct Lease(MacAddress Client, Status Status, ulong SinceCycles);
}
