using System.Collections.Concurrent;

namespace RiscvXv6.Emulator.Machine;

/// <summary>The only way from other host threads to the machine thread, which empties it between quanta.</summary>
/// <remarks>Posting stays harmless after the machine has ended, so nothing here is disposed.</remarks>
internal sealed class HostMailbox
{
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
    /// <param name="nanoseconds">Negative for ever.</param>
    public void WaitForArrival(long nanoseconds)
    {
        if (!_queue.IsEmpty)
        {
            return;
        }

        bool arrived = nanoseconds < 0
            ? WaitForEver()
            : _arrival.Wait(TimeSpan.FromTicks(nanoseconds / 100));
        if (arrived)
        {
            _arrival.Release();
        }
    }

    private bool WaitForEver()
    {
        _arrival.Wait();
        return true;
    }
}
