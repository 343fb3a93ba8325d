using System.Buffers.Binary;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// Gives the guests their addresses and tells them the network (RFC 2131), clients of BOOTP among them. It is the only
/// server there is, and so it refuses what another one might have given.
/// </summary>
internal sealed class DhcpServer
{
    private const int ReplyBytesMax = GuestLink.MtuBytes - IPv4Header.SizeBytes - UdpHeader.SizeBytes;

    private readonly UserNetOptions _options;
    private readonly UserNetAddresses _addresses;
    private readonly UserNetCounters _counters;
    private readonly GuestLink _link;
    private readonly DhcpLeases _leases;
    private readonly byte[] _searchList;

    public DhcpServer(
        UserNetOptions options, UserNetAddresses addresses, UserNetCounters counters, GuestLink link, IGuestClock clock)
    {
        _options = options;
        _addresses = addresses;
        _counters = counters;
        _link = link;
        _leases = new DhcpLeases(addresses, link, clock);

        // RFC 3397 "Domain Search Option Format": names one behind the other. What goes beyond one option is left out,
        // whole names of it.
        var list = new List<byte>();
        foreach (string domain in options.DnsSearch)
        {
            if (DnsName.TryEncode(domain, out byte[] name) && list.Count + name.Length <= byte.MaxValue)
            {
                list.AddRange(name);
            }
        }

        _searchList = [.. list];
    }

    public void Receive(ReadOnlySpan<byte> payload)
    {
        if (!DhcpMessage.TryRead(payload, out var request)
            || request.Operation != DhcpMessage.RequestOperation
            || request.HardwareType != DhcpMessage.EthernetHardware
            || request.HardwareLength != MacAddress.SizeBytes
            || request.ClientMac.IsMulticast
            || request.ClientMac == default
            || request.Relay != IPv4Address.Any)
        {
            _counters.DroppedMalformed++;
            return;
        }

        switch (request.Type)
        {
            case DhcpMessageType.Discover:
                request.TryFindAddress(DhcpOption.RequestedAddress, out var wanted);
                if (_leases.TryOffer(request.ClientMac, wanted, out var offered))
                {
                    Reply(request, DhcpMessageType.Offer, offered);
                }

                break;
            case DhcpMessageType.Request:
                AnswerRequest(request);
                break;
            case DhcpMessageType.None:
                if (_leases.TryOffer(request.ClientMac, default, out var given)
                    && _leases.TryBind(request.ClientMac, given))
                {
                    Reply(request, DhcpMessageType.None, given);
                }

                break;
            case DhcpMessageType.Release:
                _leases.Release(request.ClientMac, request.ClientAddress);
                break;
            case DhcpMessageType.Decline when request.TryFindAddress(DhcpOption.RequestedAddress, out var declined):
                _leases.Decline(request.ClientMac, declined);
                break;
            case DhcpMessageType.Inform when _addresses.CanBeGuest(request.ClientAddress):
                Reply(request, DhcpMessageType.Acknowledge, default);
                break;
        }
    }

    /// <summary>
    /// RFC 2131 "DHCPREQUEST message": a choice, a check after a reboot, or a lease to be made longer.
    /// </summary>
    private void AnswerRequest(in DhcpMessage request)
    {
        if (request.TryFindAddress(DhcpOption.ServerIdentifier, out var server) && server != _addresses.Host)
        {
            return; // The client took another server's offer.
        }

        if (!request.TryFindAddress(DhcpOption.RequestedAddress, out var address))
        {
            address = request.ClientAddress;
        }

        bool isGranted = _leases.TryBind(request.ClientMac, address);
        Reply(request, isGranted ? DhcpMessageType.Acknowledge : DhcpMessageType.Refuse, isGranted ? address : default);
    }

    private void Reply(in DhcpMessage request, DhcpMessageType type, IPv4Address given)
    {
        int sizeBytesMax = request.TryFind(DhcpOption.MaximumMessageSize, out var size) && size.Length == sizeof(ushort)
            ? BinaryPrimitives.ReadUInt16BigEndian(size) - IPv4Header.SizeBytes - UdpHeader.SizeBytes
            : DhcpWriter.SizeBytesMax;
        var reply = new DhcpWriter(
            _link.UdpPayload[..Math.Clamp(sizeBytesMax, DhcpWriter.SizeBytesMax, ReplyBytesMax)],
            request, given, type == DhcpMessageType.Refuse ? default : _addresses.Host);
        if (type != DhcpMessageType.None)
        {
            reply.Add(DhcpOption.MessageType, (byte)type);
            reply.Add(DhcpOption.ServerIdentifier, _addresses.Host);
        }

        if (type == DhcpMessageType.Refuse)
        {
            reply.Add(DhcpOption.Message, "that address is not yours"u8);
        }
        else
        {
            AddConfiguration(ref reply, request, hasLease: type != DhcpMessageType.None && given != default);
        }

        SendReply(request, type, given, reply.Finish());
    }

    private void AddConfiguration(ref DhcpWriter reply, in DhcpMessage request, bool hasLease)
    {
        if (request.Type is DhcpMessageType.Request or DhcpMessageType.Inform)
        {
            reply.SetClientAddress(request.ClientAddress);
        }

        if (hasLease)
        {
            reply.Add(DhcpOption.LeaseTime, DhcpLeases.LeaseSeconds);
        }

        reply.Add(DhcpOption.SubnetMask, _addresses.Mask);

        // As QEMU: a restricted network is no way to anywhere. But names of the table can be asked for.
        if (!_options.IsRestricted)
        {
            reply.Add(DhcpOption.Router, _addresses.Host);
        }

        if (!_options.IsRestricted || _options.DnsHosts.Count > 0)
        {
            reply.Add(DhcpOption.DomainNameServer, _addresses.Dns);
        }

        AddText(ref reply, DhcpOption.HostName, _options.HostName);
        AddText(ref reply, DhcpOption.DomainName, _options.DomainName);
        AddText(ref reply, DhcpOption.TftpServerName, _options.TftpServerName);
        if (_options.BootFile is { } bootFile)
        {
            reply.SetFile(bootFile);
        }

        if (_searchList.Length > 0)
        {
            reply.Add(DhcpOption.DomainSearch, _searchList);
        }

        if (request.TryFind(DhcpOption.ParameterRequestList, out var wanted))
        {
            AddWanted(ref reply, wanted, hasLease);
        }
    }

    /// <summary>What is of use to those who ask for it.</summary>
    private void AddWanted(ref DhcpWriter reply, ReadOnlySpan<byte> wanted, bool hasLease)
    {
        if (wanted.Contains((byte)DhcpOption.InterfaceMtu))
        {
            reply.Add(DhcpOption.InterfaceMtu, (ushort)GuestLink.MtuBytes);
        }

        if (wanted.Contains((byte)DhcpOption.BroadcastAddress))
        {
            reply.Add(DhcpOption.BroadcastAddress, _addresses.Broadcast);
        }

        if (wanted.Contains((byte)DhcpOption.BootFileName))
        {
            AddText(ref reply, DhcpOption.BootFileName, _options.BootFile);
        }

        // RFC 2131 "Reacquisition and expiration": half of the lease, and seven eighths.
        if (hasLease && wanted.Contains((byte)DhcpOption.RenewalTime))
        {
            reply.Add(DhcpOption.RenewalTime, DhcpLeases.LeaseSeconds / 2);
        }

        if (hasLease && wanted.Contains((byte)DhcpOption.RebindingTime))
        {
            reply.Add(DhcpOption.RebindingTime, DhcpLeases.LeaseSeconds / 8 * 7);
        }
    }

    private static void AddText(ref DhcpWriter reply, DhcpOption option, string? text)
    {
        if (text is not null)
        {
            Span<byte> bytes = stackalloc byte[byte.MaxValue];
            reply.Add(option, bytes[..System.Text.Encoding.ASCII.GetBytes(text, bytes)]);
        }
    }

    /// <summary>
    /// RFC 2131 "Constructing and sending DHCP messages": to the address that the client has; else to everybody, if it
    /// wants that or is refused; else to the address that it is given, at its Ethernet address.
    /// </summary>
    private void SendReply(in DhcpMessage request, DhcpMessageType type, IPv4Address given, int lengthBytes)
    {
        var mac = request.ClientMac;
        var to = request.ClientAddress;
        if (type == DhcpMessageType.Refuse || (to == IPv4Address.Any && (request.WantsBroadcast || given == default)))
        {
            to = IPv4Address.Broadcast;
            mac = MacAddress.Broadcast;
        }
        else if (to == IPv4Address.Any)
        {
            to = given;
        }

        _link.SendUdp(
            mac,
            new HostEndpoint(_addresses.Host, DhcpMessage.ServerPort),
            new HostEndpoint(to, DhcpMessage.ClientPort),
            lengthBytes);
        if (type is DhcpMessageType.Acknowledge or DhcpMessageType.None && given != default)
        {
            _link.Learn(given, request.ClientMac, isIntroduction: true);
        }
    }
}
