using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RiscvXv6.Tests.Xv6.Network;

/// <summary>
/// Everybody else on the guest's network, behind QEMU's <c>-netdev socket</c>: a TCP connection on the loop-back address, where each
/// frame follows its length in four bytes. It answers ARP for all of 10.0.2.0/24 but the guest, DHCP, DNS, ICMP echoes, and datagrams to
/// <see cref="EchoPort"/>; a datagram to <see cref="CommandPort"/> makes it send of its own. What a frame of the guest's has wrong is
/// kept as a complaint.
/// </summary>
internal sealed class WireHost : IDisposable
{
    /// <summary>Where nettest expects an echo.</summary>
    public const ushort EchoPort = 25099;

    /// <summary>Where a test says what to send next, by the guest's sendpkt.</summary>
    public const ushort CommandPort = 9000;

    private static readonly byte[] Broadcast = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    private static readonly byte[] GatewayMac = MacOf(WireServices.Gateway);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly Random _random;
    private readonly Thread _thread;
    private NetworkStream? _stream;
    private byte[] _guestMac = new byte[6];
    private uint _guest;

    /// <param name="seed">Of what is random about losses and garbage.</param>
    public WireHost(int seed = 1)
    {
        _random = new Random(seed);
        _listener.Start();
        _thread = new Thread(Serve) { IsBackground = true, Name = nameof(WireHost) };
        _thread.Start();
    }

    /// <summary>The port for QEMU to connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Of a hundred frames to the guest, how many are lost.</summary>
    public int LossPercent { get; init; }

    /// <summary>Of a hundred datagrams to the guest, in how many a bit is changed on the way, behind the headers' start.</summary>
    public int DamagePercent { get; init; }

    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Answers of the guest to our ARP requests.</summary>
    public int ArpAnswers { get; private set; }

    /// <summary>Answers of the guest to our ICMP echoes.</summary>
    public int EchoAnswers { get; private set; }

    /// <summary>Frames of types that we do not speak.</summary>
    public ConcurrentQueue<byte[]> OtherFrames { get; } = new();

    public void Dispose()
    {
        _listener.Stop();
        _stream?.Dispose();
        _thread.Join();
    }

    /// <summary>As QEMU's user network makes them up.</summary>
    private static byte[] MacOf(uint address) =>
        [0x52, 0x55, (byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address];

    private void Serve()
    {
        try
        {
            using var client = _listener.AcceptTcpClient();
            client.NoDelay = true;
            using (_stream = client.GetStream())
            {
                byte[] length = new byte[4];
                for (; _stream.ReadAtLeast(length, 4, throwOnEndOfStream: false) == 4;)
                {
                    byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
                    _stream.ReadExactly(frame);
                    Receive(frame);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // QEMU has ended, or the test.
        }
    }

    private void Transmit(byte[] frame)
    {
        byte[] bytes = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, frame.Length);
        frame.CopyTo(bytes, 4);
        _stream!.Write(bytes);
    }

    /// <summary>To the guest, over the network that loses and damages.</summary>
    private void TransmitIp(byte[] packet)
    {
        byte[] frame = WirePacket.Ethernet(_guestMac, GatewayMac, WirePacket.TypeIp, packet);
        if (_random.Next(100) < LossPercent)
        {
            return;
        }

        if (_random.Next(100) < DamagePercent)
        {
            int at = _random.Next(WirePacket.EthernetHeader, WirePacket.EthernetHeader + packet.Length);
            frame[at] ^= (byte)(1 << _random.Next(8));
        }

        Transmit(frame);
    }

    private void Receive(byte[] frame)
    {
        if (frame.Length is < WirePacket.EthernetHeader or > 1514)
        {
            _complaints.Enqueue($"a frame of {frame.Length} bytes");
            return;
        }

        ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12));
        var payload = frame.AsSpan(WirePacket.EthernetHeader);
        if (type == WirePacket.TypeArp)
        {
            _guestMac = frame[6..12];
            ReceiveArp(payload);
        }
        else if (type == WirePacket.TypeIp)
        {
            _guestMac = frame[6..12];
            ReceiveIp(payload);
        }
        else
        {
            OtherFrames.Enqueue(frame);
        }
    }

    private void ReceiveArp(ReadOnlySpan<byte> packet)
    {
        uint sender = BinaryPrimitives.ReadUInt32BigEndian(packet[14..]), target = BinaryPrimitives.ReadUInt32BigEndian(packet[24..]);
        if (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) == 2)
        {
            ArpAnswers++;
        }
        else if (target >> 8 == WireServices.Gateway >> 8 && target != WireServices.Guest && target != sender)
        {
            byte[] answer = WirePacket.Arp(2, MacOf(target), target, _guestMac, sender);
            Transmit(WirePacket.Ethernet(_guestMac, MacOf(target), WirePacket.TypeArp, answer));
        }
    }

    private void ReceiveIp(ReadOnlySpan<byte> packet)
    {
        int header = (packet[0] & 15) * 4, length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (packet[0] >> 4 != 4 || header < WirePacket.IpHeader || length < header || length > packet.Length)
        {
            _complaints.Enqueue($"an IP header of {header} bytes, {length} in all, in {packet.Length}");
            return;
        }

        if (WirePacket.Checksum(packet[..header]) != 0)
        {
            _complaints.Enqueue("a wrong IP checksum");
        }

        uint source = BinaryPrimitives.ReadUInt32BigEndian(packet[12..]), target = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]);
        if (packet[9] == WirePacket.ProtocolUdp)
        {
            ReceiveUdp(source, target, packet[header..length]);
        }
        else if (packet[9] == WirePacket.ProtocolIcmp)
        {
            ReceiveIcmp(source, target, packet[header..length]);
        }
    }

    private void ReceiveIcmp(uint source, uint target, ReadOnlySpan<byte> message)
    {
        if (WirePacket.Checksum(message) != 0)
        {
            _complaints.Enqueue("a wrong ICMP checksum");
        }
        else if (message[0] == 8)
        {
            TransmitIp(WirePacket.Echo(target, source, 0, message[4..]));
        }
        else if (message[0] == 0)
        {
            EchoAnswers++;
        }
    }

    private void ReceiveUdp(uint source, uint target, ReadOnlySpan<byte> datagram)
    {
        ushort from = BinaryPrimitives.ReadUInt16BigEndian(datagram), to = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]) != datagram.Length)
        {
            _complaints.Enqueue("a wrong UDP length");
        }

        if (BinaryPrimitives.ReadUInt16BigEndian(datagram[6..]) != 0 && WirePacket.UdpChecksum(source, target, datagram) != 0)
        {
            _complaints.Enqueue("a wrong UDP checksum");
        }

        var payload = datagram[WirePacket.UdpHeader..];
        switch (to)
        {
            case 67:
                byte[] answer = WirePacket.Udp(WireServices.Gateway, 67, 0xffffffff, 68, WireServices.AnswerDhcp(payload));
                Transmit(WirePacket.Ethernet(Broadcast, GatewayMac, WirePacket.TypeIp, answer));
                break;
            case 53:
                TransmitIp(WirePacket.Udp(target, to, source, from, WireServices.AnswerDns(payload)));
                break;
            case EchoPort:
                TransmitIp(WirePacket.Udp(target, to, source, from, payload));
                break;
            case CommandPort:
                _guest = source;
                Obey(Encoding.ASCII.GetString(payload).Split(' '));
                break;
        }
    }

    private void Obey(string[] command)
    {
        switch (command[0])
        {
            case "rx": // so many to port 2000
                for (int i = 0; i < Count(command); i++)
                {
                    Send(2000, $"packet {i}");
                }

                break;
            case "rx2": // so many to each of two ports, by turns
                for (int i = 0; i < Count(command); i++)
                {
                    Send(2000, $"one {i}");
                    Send(2001, $"two {i}");
                }

                break;
            case "rxburst": // more than a ring holds to a port that nobody reads
                for (int i = 0; i < 32; i++)
                {
                    Send(2001, $"packet {i}");
                }

                // QEMU's card drops what it has no buffer for; this one must find one.
                Thread.Sleep(200);
                Send(2000, "the last 1");
                break;
            case "ask": // for the hardware address, and for an echo
                byte[] question = WirePacket.Arp(1, GatewayMac, WireServices.Gateway, new byte[6], _guest);
                Transmit(WirePacket.Ethernet(Broadcast, GatewayMac, WirePacket.TypeArp, question));
                Transmit(WirePacket.Ethernet(
                    _guestMac, GatewayMac, WirePacket.TypeIp, WirePacket.Echo(WireServices.Gateway, _guest, 8, new byte[100])));
                break;
            case "garbage":
                for (int i = 0; i < Count(command); i++)
                {
                    Transmit(Garbage());
                }

                break;
            default:
                _complaints.Enqueue($"an unknown command: {command[0]}");
                break;
        }
    }

    private static int Count(string[] command) => int.Parse(command[1], System.Globalization.CultureInfo.InvariantCulture);

    private void Send(ushort port, string text) =>
        Transmit(WirePacket.Ethernet(
            _guestMac,
            GatewayMac,
            WirePacket.TypeIp,
            WirePacket.Udp(WireServices.Gateway, 7777, _guest, port, Encoding.ASCII.GetBytes(text))));

    /// <summary>A frame of some known kind, with wrong bytes in its headers, cut short or followed by too much.</summary>
    private byte[] Garbage()
    {
        byte[] payload = new byte[_random.Next(200)];
        _random.NextBytes(payload);
        ushort port = (ushort)_random.Next(65536);
        byte[] packet = _random.Next(5) switch
        {
            0 => WirePacket.Arp((ushort)_random.Next(1, 3), GatewayMac, (uint)_random.Next(), _guestMac, _guest),
            1 => WirePacket.Echo(WireServices.Gateway, _guest, (byte)_random.Next(20), payload),
            2 => WirePacket.Udp(WireServices.Gateway, port, _guest, 68, payload),
            3 => WirePacket.Udp(WireServices.NameServer, 53, _guest, port, payload),
            _ => WirePacket.Ip((uint)_random.Next(), _guest, (byte)_random.Next(256), payload),
        };
        ushort type = packet.Length == 28 ? WirePacket.TypeArp : WirePacket.TypeIp;
        byte[] frame = WirePacket.Ethernet(_random.Next(4) == 0 ? Broadcast : _guestMac, GatewayMac, type, packet);
        for (int i = _random.Next(4); i > 0; i--)
        {
            frame[_random.Next(12, Math.Min(frame.Length, 60))] = (byte)_random.Next(256);
        }

        // The headers' checksum as the sender would have it, half of the time: what is behind is then looked at.
        if (type == WirePacket.TypeIp && _random.Next(2) == 0)
        {
            frame[24] = frame[25] = 0;
            int header = Math.Clamp((frame[14] & 15) * 4, 4, frame.Length - WirePacket.EthernetHeader);
            ushort checksum = WirePacket.Checksum(frame.AsSpan(WirePacket.EthernetHeader, header));
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), checksum);
        }

        return _random.Next(4) == 0 ? frame[.._random.Next(14, frame.Length)] : frame;
    }
}
