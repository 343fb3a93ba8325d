using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Backends;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Devices.Net.Middleware;

namespace RiscvXv6.Tests.Devices.Net.Backends;

/// <summary>A segment that cards and back ends share.</summary>
internal sealed class HubTests
{
    private readonly GuestClock _clock = new();

    [Test]
    public void A_frame_goes_to_all_but_its_sender_whoever_it_is_for()
    {
        using var hub = new NetworkHub("hub0");
        var (first, firstPort) = AddCard(hub);
        var (second, _) = AddCard(hub);
        var network = new LinkRig.FarEnd(_clock);
        hub.Attach(network);

        firstPort.Send(LinkRig.Frame(1), new FrameInfo(FrameFlags.BadFcs, 4));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Arrivals, Is.Empty);
            Assert.That(second.Arrivals.Single().Frame, Is.EqualTo(LinkRig.Frame(1)));
            Assert.That(second.Arrivals.Single().Info, Is.EqualTo(new FrameInfo(FrameFlags.BadFcs, 4)));
            Assert.That(network.Arrivals.Single().Frame, Is.EqualTo(LinkRig.Frame(1)));
        }

        network.Client!.Receive(LinkRig.Frame(2), FrameInfo.None);
        Assert.That(first.Arrivals.Select(static arrival => LinkRig.NumberOf(arrival.Frame)), Is.EqualTo(new[] { 2 }));
        Assert.That(second.Arrivals.Select(static arrival => LinkRig.NumberOf(arrival.Frame)), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(network.Arrivals, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_back_end_goes_on_while_any_card_has_room()
    {
        using var hub = new NetworkHub("hub0");
        var (first, _) = AddCard(hub);
        var (second, secondPort) = AddCard(hub);
        var network = new LinkRig.FarEnd(_clock);
        var alone = new LinkRig.FarEnd(_clock);
        hub.Attach(network);
        hub.Attach(alone);
        (first.ReceiveRoomFrames, second.ReceiveRoomFrames) = (0, 5);
        Assert.That(network.Client!.ReceiveRoomFrames, Is.EqualTo(5));

        second.ReceiveRoomFrames = 0;
        Assert.That(network.Client.ReceiveRoomFrames, Is.Zero);
        secondPort.ReceiveRoomAvailable();
        Assert.That(network.RoomAvailableCalls, Is.EqualTo(1));
    }

    [Test]
    public void Back_ends_are_reset_once_for_all_cards_and_disposed_with_the_hub()
    {
        var hub = new NetworkHub("hub0");
        var (_, firstPort) = AddCard(hub);
        var (_, secondPort) = AddCard(hub);
        var network = new CountingBackend();
        hub.Attach(network);
        firstPort.Reset();
        secondPort.Reset();
        Assert.That(network.Resets, Is.EqualTo(1));

        ((IDisposable)firstPort).Dispose();
        ((IDisposable)secondPort).Dispose();
        hub.Dispose();
        Assert.That(network.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void Two_back_ends_are_joined_without_any_card()
    {
        using var hub = new NetworkHub("hub0");
        var (one, other) = (new LinkRig.FarEnd(_clock), new LinkRig.FarEnd(_clock));
        hub.Attach(one);
        hub.Attach(other);
        Assert.That(one.Client!.ReceiveRoomFrames, Is.GreaterThan(0));
        one.Client.Receive(LinkRig.Frame(1), FrameInfo.None);
        Assert.That(other.Arrivals, Has.Count.EqualTo(1));
        Assert.That(one.Arrivals, Is.Empty);
    }

    [Test]
    public void A_loop_back_plug_sends_every_frame_back_and_an_unconnected_cable_none()
    {
        var card = new LinkRig.End(_clock);
        INetworkBackend loopback = new LoopbackBackend(), nobody = new UnconnectedBackend();
        loopback.Connect(card);
        nobody.Connect(card);
        nobody.Send(LinkRig.Frame(1), FrameInfo.None);
        loopback.Send(LinkRig.Frame(2), FrameInfo.None);
        Assert.That(card.Arrivals.Select(static arrival => LinkRig.NumberOf(arrival.Frame)), Is.EqualTo(new[] { 2 }));
    }

    private (LinkRig.End Card, INetworkBackend Port) AddCard(NetworkHub hub)
    {
        var card = new LinkRig.End(_clock);
        var port = hub.AddPort("card");
        port.Connect(card);
        return (card, port);
    }

    private sealed class CountingBackend : INetworkBackend, IDisposable
    {
        public string Name => "counting";

        public int Resets { get; private set; }

        public int Disposals { get; private set; }

        public void Connect(INetworkClient client)
        {
        }

        public void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
        {
        }

        public void ReceiveRoomAvailable()
        {
        }

        public void Reset() => Resets++;

        public void Dispose() => Disposals++;
    }
}
