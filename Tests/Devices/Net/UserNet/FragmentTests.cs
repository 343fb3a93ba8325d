using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>Datagrams that are longer than a frame, in either direction.</summary>
public sealed class FragmentTests
{
    private static readonly HostEndpoint s_peer = new(IPv4Address.Loopback, 5555);

    [Test]
    public void A_datagram_longer_than_a_frame_crosses_in_fragments_both_ways()
    {
        using var rig = new UserNetRig();
        byte[] data = [.. Enumerable.Range(0, 65507).Select(static i => (byte)(i * 7 >> 3))];
        byte[] datagram = Packets.UdpPayload(rig.Guest.Address, 2000, NetGuest.Gateway, 9, data);
        SendFragments(rig, datagram, 1480, static pieces => pieces);
        var sent = rig.Door.Datagrams.Single();
        Assert.That(sent.Payload, Is.EqualTo(data));

        rig.Door.ReceiveUdp(sent.Flow, s_peer, data);
        Assert.That(rig.Guest.Frames.Select(static frame => frame.Length), Has.All.LessThanOrEqualTo(1514));
        byte[] back = Reassemble(rig.Guest.TakeIp());
        Assert.That(
            Packets.Checksum(Packets.PseudoHeader(NetGuest.Gateway, rig.Guest.Address, Packets.Udp, back.Length), back), Is.Zero);
        Assert.That(back[8..], Is.EqualTo(data));
    }

    [Test]
    public void Fragments_may_come_backwards_twice_and_mixed_with_those_of_another_datagram()
    {
        using var rig = new UserNetRig();
        byte[] data = [.. Enumerable.Range(0, 5000).Select(static i => (byte)i)];
        byte[] one = Packets.UdpPayload(rig.Guest.Address, 2000, NetGuest.Gateway, 9, data);
        byte[] two = Packets.UdpPayload(rig.Guest.Address, 2001, NetGuest.Gateway, 9, [.. Enumerable.Reverse(data)]);
        SendFragments(rig, one, 1480, static pieces => [pieces[1]], 1);
        SendFragments(rig, two, 800, static pieces => Enumerable.Reverse(pieces).Skip(1), 2);
        SendFragments(rig, one, 1480, static pieces => [pieces[3], pieces[1], pieces[2]], 1);
        Assert.That(rig.Door.Datagrams, Is.Empty);
        SendFragments(rig, one, 1480, static pieces => [pieces[0]], 1);
        SendFragments(rig, two, 800, static pieces => [pieces[^1]], 2);
        Assert.That(rig.Door.Datagrams.Select(static sent => sent.Payload), Is.EqualTo(new[] { data, [.. Enumerable.Reverse(data)] }));
    }

    [Test]
    public void Fragments_that_never_become_whole_are_given_up_after_half_a_minute_and_the_guest_is_told()
    {
        // RFC 792 "Time Exceeded Message": if fragment zero is there.
        using var rig = new UserNetRig().Introduced();
        byte[] datagram = Packets.UdpPayload(rig.Guest.Address, 2000, NetGuest.Gateway, 9, new byte[4000]);
        SendFragments(rig, datagram, 1480, static pieces => [pieces[0], pieces[1]]);
        rig.AdvanceMilliseconds(29_999);
        Assert.That(rig.Guest.Frames, Is.Empty);
        rig.AdvanceMilliseconds(1);
        var error = rig.Guest.TakeIcmp().Single();
        Assert.That((error.Type, error.Code), Is.EqualTo((11, 1)));
        Assert.That(error.Data[20..28], Is.EqualTo(datagram[..8]));
        SendFragments(rig, datagram, 1480, static pieces => [pieces[2]]);
        Assert.That(rig.Door.Datagrams, Is.Empty);
    }

    [Test]
    public void Without_fragment_zero_nobody_is_told()
    {
        using var rig = new UserNetRig().Introduced();
        SendFragments(rig, new byte[4000], 1480, static pieces => [pieces[1]]);
        rig.AdvanceMilliseconds(60_000);
        Assert.That(rig.Guest.Frames, Is.Empty);
    }

    [Test]
    public void Fragments_beyond_65535_bytes_or_that_contradict_each_other_come_to_nothing()
    {
        using var rig = new UserNetRig();
        void Send(int offset, bool more, int length) => rig.Guest.Send(Packets.Ethernet(
            NetGuest.GatewayMac, rig.Guest.Mac, Packets.IPv4,
            Packets.Ip(rig.Guest.Address, NetGuest.Gateway, Packets.Udp, new byte[length], 7, offset / 8 | (more ? 0x2000 : 0))));
        Send(65528, false, 100);
        Send(0, true, 65);
        Send(0, true, 800);
        Send(800, false, 8);
        Send(1600, true, 800);
        Send(1600, false, 8);
        Send(0, true, 800);
        Send(800, false, 8);
        Send(800, false, 16);
        Assert.That(rig.Door.Datagrams, Is.Empty);
    }

    [Test]
    public void A_fragment_that_contradicts_the_others_takes_all_of_them_with_it()
    {
        using var rig = new UserNetRig();
        byte[] datagram = Packets.UdpPayload(rig.Guest.Address, 2000, NetGuest.Gateway, 9, new byte[4000]);
        SendFragments(rig, datagram, 1480, static pieces => [pieces[0], pieces[1]]);
        SendFragments(rig, datagram[..1480], 800, static pieces => [pieces[1]]);
        SendFragments(rig, datagram, 1480, static pieces => [pieces[2]]);
        Assert.That(rig.Door.Datagrams, Is.Empty);
        SendFragments(rig, datagram, 1480, static pieces => [pieces[0], pieces[1]]);
        Assert.That(rig.Door.Datagrams, Has.Count.EqualTo(1), "from then on they count anew");
    }

    private static void SendFragments(
        UserNetRig rig, byte[] payload, int size, Func<List<(int Offset, byte[] Data)>, IEnumerable<(int Offset, byte[] Data)>> choose,
        int identification = 77)
    {
        var pieces = payload.Chunk(size).Select((data, index) => (Offset: index * size, Data: data)).ToList();
        foreach (var (offset, data) in choose(pieces))
        {
            rig.Guest.Send(Packets.Ethernet(NetGuest.GatewayMac, rig.Guest.Mac, Packets.IPv4, Packets.Ip(
                rig.Guest.Address, NetGuest.Gateway, Packets.Udp, data, identification,
                offset / 8 | (offset + data.Length < payload.Length ? 0x2000 : 0))));
        }
    }

    private static byte[] Reassemble(IEnumerable<byte[]> packets)
    {
        var whole = new List<byte>();
        bool more = true;
        foreach (byte[] packet in packets)
        {
            Assert.That((Packets.Word(packet, 6) & 0x1fff) * 8, Is.EqualTo(whole.Count));
            Assert.That(more);
            more = (Packets.Word(packet, 6) & 0x2000) != 0;
            whole.AddRange(packet[20..]);
        }

        Assert.That(more, Is.False);
        return [.. whole];
    }
}
