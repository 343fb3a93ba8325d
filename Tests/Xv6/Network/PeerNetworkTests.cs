using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Backends;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Tests.Xv6.Network;

/// <summary>
/// Our guest on this machine and on QEMU, or on two of these, on one network over the host's sockets: they ping each other. Everything stays
/// on the loop-back address.
/// </summary>
[TestFixture]
public sealed class PeerNetworkTests
{
    private const string Here = "10.0.9.1", There = "10.0.9.2";

    [Test, Category("Qemu")]
    public void QEMU_listens_and_we_connect()
    {
        var end = FreeTcp();
        using var qemu = new LiveQemu($"socket,listen=127.0.0.1:{end.Port}");
        using var ours = new LiveMachine(Stream(new StreamOptions { Kind = "socket", EndPoint = end, ReconnectSeconds = 1 }));
        PingEachOther(ours, qemu);
    }

    [Test, Category("Qemu")]
    public void We_listen_and_QEMU_connects()
    {
        var end = FreeTcp();
        using var ours = new LiveMachine(Stream(new StreamOptions { Kind = "socket", EndPoint = end, IsServer = true }));
        using var qemu = new LiveQemu($"socket,connect=127.0.0.1:{end.Port}");
        PingEachOther(ours, qemu);
    }

    [Test, Category("Qemu")]
    public void Streams_meet_at_a_Unix_socket()
    {
        string path = Path.Combine(Path.GetTempPath(), $"riscvxv6-{Environment.ProcessId}-peer.sock");
        var options = new StreamOptions { EndPoint = new UnixDomainSocketEndPoint(path), IsServer = true };
        using var ours = new LiveMachine(Stream(options));
        using var qemu = new LiveQemu($"stream,server=off,addr.type=unix,addr.path={path}");
        PingEachOther(ours, qemu);
    }

    [Test, Category("Qemu")]
    public void A_stream_of_QEMUs_serves_us()
    {
        var end = FreeTcp();
        using var qemu = new LiveQemu($"stream,server=on,addr.type=inet,addr.host=127.0.0.1,addr.port={end.Port}");
        using var ours = new LiveMachine(Stream(new StreamOptions { EndPoint = end, ReconnectSeconds = 1 }));
        PingEachOther(ours, qemu);
    }

    [Test, Category("Qemu")]
    public void Datagrams_go_between_us_and_QEMU()
    {
        var (here, there) = (FreeUdp(), FreeUdp());
        using var ours = new LiveMachine(Datagrams(new DatagramOptions { Local = here, Remote = there }));
        using var qemu = new LiveQemu(
            $"dgram,local.type=inet,local.host=127.0.0.1,local.port={there.Port},remote.type=inet,remote.host=127.0.0.1,remote.port={here.Port}");
        PingEachOther(ours, qemu);
    }

    [Test, Category("Qemu")]
    public void We_and_QEMU_join_a_group_on_the_loop_back_interface()
    {
        var group = new IPEndPoint(IPAddress.Parse("230.0.0.1"), FreeUdp().Port);
        using var ours = new LiveMachine(Datagrams(new DatagramOptions { Group = group, Interface = IPAddress.Loopback }));
        using var qemu = new LiveQemu($"socket,mcast=230.0.0.1:{group.Port},localaddr=127.0.0.1");
        PingEachOther(ours, qemu);
    }

    [Test]
    public void Two_of_ours_ping_each_other_at_any_pace([Values("Virtual", "Realtime")] string pace)
    {
        var end = FreeTcp();
        var chosen = Enum.Parse<Pace>(pace);
        using var first = new LiveMachine(Stream(new StreamOptions { EndPoint = end, IsServer = true }), chosen);
        using var second = new LiveMachine(Stream(new StreamOptions { EndPoint = end }), chosen, number: 2);
        PingEachOther(first, second);
    }

    /// <summary>Both have to be answered while both run.</summary>
    private static void PingEachOther(LiveGuest first, LiveGuest second)
    {
        first.Command($"ifconfig {Here}/24");
        second.Command($"ifconfig {There}/24");
        first.WaitFor("(static)");
        second.WaitFor("(static)");
        first.Command($"ping -c 0 -i 2 {There}");
        second.Command($"ping -c 0 -i 2 {Here}");
        for (int answers = 0; answers < 3; answers++)
        {
            first.WaitFor($"56 bytes from {There}");
            second.WaitFor($"56 bytes from {Here}");
        }
    }

    private static Func<NetworkContext, INetworkBackend> Stream(StreamOptions options) => context => new PeerBackend(
        "net0", new StreamTransport(options), context.Channels, new LinkStatistics("net0"), context.Notice);

    private static Func<NetworkContext, INetworkBackend> Datagrams(DatagramOptions options) => context => new PeerBackend(
        "net0", new DatagramTransport(options), context.Channels, new LinkStatistics("net0"), context.Notice);

    private static IPEndPoint FreeTcp() => Free(SocketType.Stream, ProtocolType.Tcp);

    private static IPEndPoint FreeUdp() => Free(SocketType.Dgram, ProtocolType.Udp);

    private static IPEndPoint Free(SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
