using System.Collections.Concurrent;

namespace RiscvXv6.Emulator.Machine;

/// <summary>The only way from other host threads to the machine thread, which empties it between quanta.</summary>
/// <remarks>Posting stays harmless after the machine has ended, so nothing here is disposed.</remarks>
internal sealed class HostMailbox
{
    /// <summary>A guest may set its timer centuries ahead; no host sleeps that long at once.</summary>
    public const long LongestWaitNanoseconds = 24L * 3600 * 1_000_000_000;

    private readonly ConcurrentQueue<HostEvent> _queue = new();
    private readonly SemaphoreSlim _arrival = new(0);

    /// <summary>Cheap enough to ask after every quantum.</summary>
    public bool IsEmpty => _queue.IsEmpty;

    /// <summary>Hands an event to the machine; from any thread.</summary>
    public void Post(HostEvent item)
    {
        _queue.Enqueue(item);
        _arrival.Release();
    }

    /// <summary>Takes the next event; on the machine thread.</summary>
    public bool TryTake(out HostEvent? item)
    {
        if (!_queue.TryDequeue(out item))
        {
            return false;
        }

        // The semaphore only wakes a sleeper; events taken without sleeping use up their releases here.
        _arrival.Wait(0);
        return true;
    }

    /// <summary>Sleeps until an event is there or the time is over.</summary>
    /// <param name="nanoseconds">Negative for ever; more than <see cref="LongestWaitNanoseconds"/> is cut to that.</param>
    /// <returns>False if the whole of <paramref name="nanoseconds"/> passed; true if the sleep ended before.</returns>
    public bool WaitForArrival(long nanoseconds)
    {
        // An event may be taken between its way into the queue and its release. Such a release must wake nobody later; the
        // queue is looked at only afterwards, so no event is slept through.
        while (_arrival.Wait(0))
        {
        }

        if (!_queue.IsEmpty)
        {
            return true;
        }

        if (nanoseconds < 0)
        {
            _arrival.Wait();
            return true;
        }

        long bounded = Math.Min(nanoseconds, LongestWaitNanoseconds);
        return _arrival.Wait(TimeSpan.FromTicks(bounded / TimeSpan.NanosecondsPerTick)) || bounded < nanoseconds;
    }
}
