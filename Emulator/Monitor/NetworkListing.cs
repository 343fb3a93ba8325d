using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>Cards and networks, as <c>info network</c> shows them.</summary>
internal static class NetworkListing
{
    public static void Write(MonitorRequest request)
    {
        var output = request.Output;
        var cards = request.Machine.Nics;
        var links = request.Surroundings.Links();
        for (int index = 0; index < cards.Count; index++)
        {
            output.WriteLine($"{cards[index].Name}: index={index},type=nic,model=e1000,macaddr={Address(request, index)}");
            output.WriteLine($" \\ {Netdev(request, index)}");
            foreach (string line in Details(request, index))
            {
                output.WriteLine($"   {line}");
            }

            WriteCounters(output, cards[index], index < links.Count ? links[index] : null);
        }

        foreach (var netdev in request.Surroundings.Network.Netdevs)
        {
            if (!request.Surroundings.Network.Nics.Any(nic => nic.NetdevId == netdev.Id))
            {
                output.WriteLine($"{netdev.Id}: type={netdev.Kind}{(netdev is HubPortNetdevOptions port ? Hub(port) : ", without a card")}");
            }
        }

        if (cards.Count == 0)
        {
            output.WriteLine("there is no network card");
        }
    }

    /// <summary>A card's address: that in its receive address register, which the driver may have set.</summary>
    public static string Address(MonitorRequest request, int nic)
    {
        var card = request.Machine.Nics[nic];
        uint low = CardRegisters.Read(card, E1000Register.Ral);
        uint high = CardRegisters.Read(card, E1000Register.Rah);
        Span<byte> bytes = stackalloc byte[MacAddress.SizeBytes];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes, low);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], (ushort)high);
        return MacAddress.Read(bytes).ToString();
    }

    /// <summary>The id of the network that a card's cable leads to, or an empty text.</summary>
    public static string NetdevOf(MonitorRequest request, int nic)
    {
        var nics = request.Surroundings.Network.Nics;
        return nic < nics.Length ? nics[nic].NetdevId ?? "" : "";
    }

    private static NetdevOptions? Find(MonitorRequest request, int nic)
    {
        string id = NetdevOf(request, nic);
        return request.Surroundings.Network.Netdevs.FirstOrDefault(netdev => netdev.Id == id);
    }

    private static string Netdev(MonitorRequest request, int nic) => Find(request, nic) switch
    {
        null => "not plugged in",
        UserNetdevOptions user => $"{user.Id}: index=0,type=user,net={user.Network.Network},restrict={(user.Network.IsRestricted ? "on" : "off")}",
        StreamNetdevOptions stream => $"{stream.Id}: index=0,type={stream.Kind},{(stream.IsServer ? "listens at" : "connects to")} {stream.Address}",
        DatagramNetdevOptions datagram => $"{datagram.Id}: index=0,type={datagram.Kind},local={datagram.Local},remote={datagram.Remote}",
        MulticastNetdevOptions group => $"{group.Id}: index=0,type={group.Kind},mcast={group.Group}",
        TapNetdevOptions tap => $"{tap.Id}: index=0,type=tap,ifname={tap.InterfaceName}",
        HubPortNetdevOptions port => $"{port.Id}: index=0,type=hubport{Hub(port)}",
        { } other => $"{other.Id}: index=0,type={other.Kind}",
    };

    private static string Hub(HubPortNetdevOptions port) =>
        $",hubid={port.HubId}{(port.PeerId is { } peer ? $",netdev={peer}" : "")}";

    private static IEnumerable<string> Details(MonitorRequest request, int nic)
    {
        if (Find(request, nic) is not UserNetdevOptions user)
        {
            yield break;
        }

        var addresses = new UserNetAddresses(user.Network);
        yield return $"guests {addresses.Network}/{addresses.PrefixLength} from {addresses.DhcpStart},"
            + $" gateway {addresses.Host}, name server {addresses.Dns}";
        foreach (var forward in user.Network.Forwards)
        {
            var guest = forward.Guest.Address == IPv4Address.Any ? addresses.DhcpStart : forward.Guest.Address;
            yield return $"hostfwd {forward.Protocol.ToString().ToLowerInvariant()} {forward.Host} -> {guest}:{forward.Guest.Port}";
        }

        foreach (var forward in user.Network.GuestForwards)
        {
            yield return $"guestfwd {forward.Server} -> {forward.Target}";
        }

        foreach (var peer in user.Peers)
        {
            yield return $"peer {peer.Kind.ToString().ToLowerInvariant()} at {addresses.Host}:{peer.Port}";
        }
    }

    private static void WriteCounters(TextWriter output, E1000 card, LinkStatistics? link)
    {
        bool isUp = (CardRegisters.Read(card, E1000Register.Status) & Status.LinkUp) != 0;
        output.WriteLine($"   link {(isUp ? "up" : "down")}{(link is { IsUp: false } ? ", the far end is unplugged" : "")}");
        foreach (var (name, value) in link?.Rows() ?? [])
        {
            if (value != 0 || name.EndsWith("frames", StringComparison.Ordinal))
            {
                output.WriteLine($"   {name}: {value}");
            }
        }
    }
}
