using System.Net;
using System.Security.Cryptography;
using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Backends;
using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Devices.Net.Backends;

namespace RiscvXv6.Tests.Xv6.Network;

/// <summary>
/// A run of the guest with a network beyond the machine, and its record played to another machine without a host: the same to the last bit.
/// </summary>
[TestFixture]
public sealed class ReplayTests
{
    [Test]
    public void A_run_with_a_peer_that_nobody_can_foresee_is_repeated_from_its_record()
    {
        var records = new List<HostEventRecord>();
        Ending recorded;
        using (var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            var options = new StreamOptions { EndPoint = listener.LocalEndpoint };
            var link = new RecordedLink(new StreamTransport(options));
            using var guest = new LiveMachine(link.Create, Pace.Realtime, prepare: machine => machine.HostEventTaken = records.Add);
            using var peer = new EchoPeer(listener.AcceptSocket());
            guest.Command("ifconfig 10.0.9.1/24");
            guest.WaitFor("(static)");
            guest.Command("ping -c 5 -i 1 10.0.9.2");
            guest.WaitFor("10.0.9.2: 5 sent");
            guest.Command("ifconfig");
            guest.Command("halt");
            Assert.That(guest.WaitForEnd()!.Kind, Is.EqualTo(MachineExitKind.PowerOff));
            recorded = Ending.Of(guest, link);
        }

        Assert.That(records.Count(static record => record.Event is HostEvent.ChannelMessage), Is.GreaterThan(6));
        Assert.That(recorded.Output, Does.Contain("56 bytes from 10.0.9.2"));

        var again = Replay(records);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(again.Output, Is.EqualTo(recorded.Output));
            Assert.That(again.Memory, Is.EqualTo(recorded.Memory));
            Assert.That((again.Cycles, again.Retired), Is.EqualTo((recorded.Cycles, recorded.Retired)));
            Assert.That(again.Capture, Is.EqualTo(recorded.Capture), "every frame at its nanosecond");
            Assert.That(again.Statistics, Is.EqualTo(recorded.Statistics));
        }

        // The control: one byte of one frame's payload is another.
        int last = records.FindLastIndex(static record => record.Event is HostEvent.ChannelMessage);
        var message = (HostEvent.ChannelMessage)records[last].Event;
        byte[] bytes = message.Bytes.ToArray();
        bytes[^1] ^= 1;
        records[last] = records[last] with { Event = message with { Bytes = bytes } };
        Assert.That(Replay(records).Capture, Is.Not.EqualTo(recorded.Capture));
    }

    private static Ending Replay(IReadOnlyList<HostEventRecord> records)
    {
        var link = new RecordedLink(new SilentTransport("stream", isUpAtStart: false));
        using var guest = new LiveMachine(link.Create, Pace.Realtime, prepare: machine => machine.Replay(records));
        guest.WaitForEnd();
        return Ending.Of(guest, link);
    }

    /// <summary>A back end with a capture and some faults, which have to repeat as well.</summary>
    private sealed class RecordedLink(IFrameTransport transport)
    {
        public MemoryStream Capture { get; } = new();

        public LinkStatistics Statistics { get; } = new("net0");

        public INetworkBackend Create(NetworkContext context)
        {
            var backend = new PeerBackend("net0", transport, context.Channels, Statistics, context.Notice);
            var file = new PcapNgFile(Capture, context.Clock, context.Notice);
            context.WhenQuiet(file.Flush);
            var faults = new FaultOptions { ToCard = new DirectionFaults { Drop = new Probability(100_000), JitterNanoseconds = 1_000_000 } };
            return NetworkLink.Assemble(
                backend, faults, [new CaptureTap(file.AddInterface("net0", ""))], context.Clock, context.Scheduler, Statistics);
        }
    }

    /// <summary>All that two runs are compared by.</summary>
    private sealed record Ending(string Output, string Memory, ulong Cycles, ulong Retired, string Capture, string Statistics)
    {
        public static Ending Of(LiveMachine guest, RecordedLink link)
        {
            var ram = guest.Machine.Harts[0].Ram;
            byte[] memory = new byte[128 << 20];
            ram.TryRead(ram.Range.Base, memory);
            return new Ending(
                guest.Output,
                Convert.ToHexString(SHA256.HashData(memory)),
                guest.Machine.Clock.NowCycles,
                guest.Machine.RetiredInstructions,
                Convert.ToHexString(SHA256.HashData(link.Capture.ToArray())) + link.Capture.Length,
                string.Join('\n', link.Statistics.Rows()));
        }
    }

    /// <summary>Answers ARP requests and echo requests by sending the guest's own frames back with both ends exchanged.</summary>
    private sealed class EchoPeer : IDisposable
    {
        private readonly WirePeer _peer;
        private readonly Thread _thread;

        public EchoPeer(System.Net.Sockets.Socket socket)
        {
            _peer = new WirePeer(socket);
            _thread = new Thread(Serve) { IsBackground = true };
            _thread.Start();
        }

        public void Dispose()
        {
            _peer.Dispose();
            _thread.Join();
        }

        private void Serve()
        {
            try
            {
                while (true)
                {
                    if (Answer(_peer.ReceiveFrame()) is { } answer)
                    {
                        _peer.Send(WirePeer.Wrap(answer));
                    }
                }
            }
            catch (Exception exception) when (exception is System.Net.Sockets.SocketException or ObjectDisposedException or EndOfStreamException)
            {
                // The machine has ended, or the test.
            }
        }

        private static byte[]? Answer(byte[] frame)
        {
            byte[] mac = [0x52, 0x54, 0, 0, 0, 2];
            byte[] answer = [.. frame[6..12], .. mac, .. frame[12..]];
            if (frame[12] == 8 && frame[13] == 6 && frame[21] == 1 && frame[41] == 2)
            {
                // ARP (RFC 826): operation 2, sender and target exchanged.
                answer[21] = 2;
                mac.CopyTo(answer, 22);
                frame[38..42].CopyTo(answer, 28);
                frame[22..32].CopyTo(answer, 32);
                return answer;
            }

            if (frame[12] == 8 && frame[13] == 0 && frame[23] == 1 && frame[34] == 8)
            {
                // ICMP (RFC 792): type 8 becomes 0, so the checksum grows by 0x0800, its carry at the end.
                frame[30..34].CopyTo(answer, 26);
                frame[26..30].CopyTo(answer, 30);
                answer[34] = 0;
                int sum = (answer[36] << 8 | answer[37]) + 0x0800;
                sum = (sum & 0xffff) + (sum >> 16);
                (answer[36], answer[37]) = ((byte)(sum >> 8), (byte)sum);
                return answer;
            }

            return null;
        }
    }
}
