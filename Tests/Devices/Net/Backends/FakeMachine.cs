using System.Collections.Concurrent;
using System.Diagnostics;
using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Host;

namespace RiscvXv6.Tests.Devices.Net.Backends;

/// <summary>The machine around a back end: a card, and channels whose messages are handled when the test says so.</summary>
internal sealed class FakeMachine : IHostChannels, INetworkClient
{
    private readonly ConcurrentQueue<(Channel To, byte[] Message)> _mailbox = new();

    public LinkStatistics Statistics { get; } = new("net0");

    public List<string> Notices { get; } = [];

    public Channel? Last { get; private set; }

    /// <summary>What came to the card.</summary>
    public List<byte[]> Received { get; } = [];

    public bool? IsUp { get; private set; }

    public int ReceiveRoomFrames { get; set; } = int.MaxValue;

    /// <summary>The most that ever waited in the mailbox.</summary>
    public int PeakBytes { get; private set; }

    public IHostChannel Open(string name, HostMessageHandler handler) => Last = new Channel(this, handler);

    public void Receive(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        Received.Add(frame.ToArray());
        if (ReceiveRoomFrames != int.MaxValue)
        {
            ReceiveRoomFrames--;
        }
    }

    public void SetLink(bool isUp) => IsUp = isUp;

    /// <summary>Handles messages until something is so, for at most 20 s.</summary>
    public void RunUntil(Func<bool> isSo, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            if (!Step())
            {
                Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)), $"{what}; so far: {string.Join(" / ", Notices.TakeLast(3))}");
                Thread.Sleep(1);
            }
        }
    }

    /// <summary>Handles messages for a while.</summary>
    public void RunFor(int milliseconds)
    {
        var watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < milliseconds)
        {
            if (!Step())
            {
                Thread.Sleep(1);
            }
        }
    }

    private bool Step()
    {
        if (!_mailbox.TryDequeue(out var item))
        {
            return false;
        }

        item.To.Handle(item.Message);
        return true;
    }

    internal sealed class Channel(FakeMachine machine, HostMessageHandler handler) : IHostChannel
    {
        private int _pendingBytes;

        public int PendingBytes => Volatile.Read(ref _pendingBytes);

        public int OpenFlows { get; set; }

        public bool IsLive { get; set; }

        public void Post(ReadOnlySpan<byte> message)
        {
            machine.PeakBytes = Math.Max(machine.PeakBytes, Interlocked.Add(ref _pendingBytes, message.Length));
            machine._mailbox.Enqueue((this, message.ToArray()));
        }

        public void Handle(byte[] message)
        {
            Interlocked.Add(ref _pendingBytes, -message.Length);
            handler(message);
        }
    }
}
