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
    private readonly Lock _requestGate = new();
    private readonly Queue<MachineRequest> _requests = new();
    private readonly SemaphoreSlim _requestArrival = new(0);
    private volatile bool _hasRequests;
    private volatile bool _stopIsWanted;
    private bool _requestsAreClosed;

    /// <summary>Cheap enough to ask after every quantum.</summary>
    public bool IsEmpty => _queue.IsEmpty;

    /// <summary>Somebody has asked for something; as cheap.</summary>
    public bool HasRequests => _hasRequests;

    /// <summary>An end is among the events: even a halted machine takes it.</summary>
    public bool StopIsWanted => _stopIsWanted;

    /// <summary>Hands an event to the machine; from any thread.</summary>
    public void Post(HostEvent item)
    {
        _queue.Enqueue(item);
        if (item is HostEvent.Stop)
        {
            _stopIsWanted = true;
            _requestArrival.Release();
        }

        _arrival.Release();
    }

    /// <summary>Hands a request to the machine, or refuses it if there is none any more; from any thread.</summary>
    public void PostRequest(MachineRequest request)
    {
        lock (_requestGate)
        {
            if (!_requestsAreClosed)
            {
                _requests.Enqueue(request);
                _hasRequests = true;
                _requestArrival.Release();
                _arrival.Release();
                return;
            }
        }

        request.Refuse();
    }

    /// <summary>Takes the next request; on the machine's thread.</summary>
    public bool TryTakeRequest(out MachineRequest? request)
    {
        lock (_requestGate)
        {
            bool taken = _requests.TryDequeue(out request);
            _hasRequests = _requests.Count > 0;
            return taken;
        }
    }

    /// <summary>Refuses all requests, those that wait and those to come; from any thread.</summary>
    public void CloseRequests()
    {
        MachineRequest[] left;
        lock (_requestGate)
        {
            _requestsAreClosed = true;
            left = [.. _requests];
            _requests.Clear();
            _hasRequests = false;
        }

        foreach (var request in left)
        {
            request.Refuse();
        }
    }

    /// <summary>Sleeps until there is a request, or an end is wanted.</summary>
    public void WaitForRequest()
    {
        while (_requestArrival.Wait(0))
        {
        }

        if (!_hasRequests && !_stopIsWanted)
        {
            _requestArrival.Wait();
        }
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
        if (item is HostEvent.Stop)
        {
            _stopIsWanted = false;
        }

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

        if (!_queue.IsEmpty || _hasRequests)
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
