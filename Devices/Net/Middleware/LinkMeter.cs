namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>
/// The card's end of a link: counts what passes, and tells those who want to know what the card did with it.
/// </summary>
internal sealed class LinkMeter(INetworkBackend inner, LinkStatistics statistics, IReadOnlyList<ICardObserver> observers)
    : LinkMiddleware(inner), ICardObserver
{
    public override void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        statistics.ToNetwork.Count(frame.Length);
        base.Send(frame, info);
    }

    public override void Receive(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        statistics.ToCard.Count(frame.Length);
        base.Receive(frame, info);
    }

    public override void SetLink(bool isUp)
    {
        if (statistics.IsUp && !isUp)
        {
            statistics.TimesDown++;
        }

        statistics.IsUp = isUp;
        base.SetLink(isUp);
    }

    void ICardObserver.BeginObserving()
    {
        for (int index = 0; index < observers.Count; index++)
        {
            observers[index].BeginObserving();
        }
    }

    void ICardObserver.Settled(ulong arrivalCycle, int lengthBytes, int descriptorIndex, string? drop)
    {
        for (int index = 0; index < observers.Count; index++)
        {
            observers[index].Settled(arrivalCycle, lengthBytes, descriptorIndex, drop);
        }
    }
}
