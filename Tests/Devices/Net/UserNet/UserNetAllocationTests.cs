using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

public sealed class UserNetAllocationTests
{
    private const int UdpFlow = 0x1_0000;

    private static readonly HostEndpoint s_peer = new(IPv4Address.Loopback, 5555);

    [Test]
    public void Nothing_is_allocated_per_datagram_once_a_flow_is_open()
    {
        using var rig = new UserNetRig();
        var cable = new QuietCable();
        byte[] first = Packets.Ethernet(NetGuest.GatewayMac, rig.Guest.Mac, Packets.IPv4, Packets.Ip(
            rig.Guest.Address, NetGuest.Gateway, Packets.Udp, Packets.UdpPayload(rig.Guest.Address, 3000, NetGuest.Gateway, 9, new byte[1000])));
        byte[] back = Packets.Ethernet(NetGuest.GatewayMac, rig.Guest.Mac, Packets.IPv4, Packets.Ip(
            rig.Guest.Address, NetGuest.Gateway, Packets.Udp, Packets.UdpPayload(rig.Guest.Address, 2000, NetGuest.Gateway, 5555, new byte[1000])));
        byte[] data = new byte[1400];
        var door = new SilentDoor();
        var network = new UserNetwork(
            new UserNetOptions { Forwards = [new PortForward(HostProtocol.Udp, s_peer, new HostEndpoint(IPv4Address.Any, 2000))] },
            rig.Clock, rig.Scheduler, door);
        network.Connect(cable);
        void Round()
        {
            network.Send(first, FrameInfo.None);
            door.Events!.UdpReceived(UdpFlow, s_peer, data);
            door.Events.UdpReceived(0, s_peer, data);
            network.Send(back, FrameInfo.None);
        }

        for (int i = 0; i < 2000; i++)
        {
            Round();
        }

        int before = door.Sent;
        long allocated = Allocation.LeastOf(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Round();
            }
        });
        Assert.That(allocated, Is.Zero);
        Assert.That(before, Is.EqualTo(4000));
        Assert.That(door.Sent, Is.GreaterThanOrEqualTo(6000));
        Assert.That(cable.Frames, Is.EqualTo(1 + door.Sent), "the question by ARP, and every datagram");
    }

    private sealed class QuietCable : INetworkClient
    {
        public int Frames { get; private set; }

        public int ReceiveRoomFrames => 1000;

        public void Receive(ReadOnlySpan<byte> frame, in FrameInfo info) => Frames++;

        public void SetLink(bool isUp)
        {
        }
    }

    /// <summary>A door that keeps nothing, so that what it counts is all that is left to allocate.</summary>
    private sealed class SilentDoor : IHostDoor
    {
        public IHostDoorEvents? Events { get; private set; }

        public int Sent { get; private set; }

        public void Attach(IHostDoorEvents events) => Events = events;

        public void SendUdp(int flow, HostEndpoint to, ReadOnlySpan<byte> payload) => Sent++;

        public void Listen(int listener, HostProtocol protocol, HostEndpoint local)
        {
        }

        public void OpenUdp(int flow)
        {
        }

        public void ConnectTcp(int flow, HostEndpoint to)
        {
        }

        public void SendTcp(int flow, ReadOnlySpan<byte> data)
        {
        }

        public void GrantTcp(int flow, int bytes)
        {
        }

        public void EndTcp(int flow)
        {
        }

        public void SendEcho(int flow, IPv4Address to, ushort sequence, ReadOnlySpan<byte> payload)
        {
        }

        public void Close(int flow)
        {
        }

        public void Dispose()
        {
        }
    }
}
