namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>Who wants to know what the card did with the frames that came to it.</summary>
public interface ICardObserver
{
    /// <summary>The card will tell of every frame, sooner or later; said once, before the machine runs.</summary>
    void BeginObserving();

    /// <summary>A frame has come to its end.</summary>
    /// <param name="arrivalCycle">When it came to the card's end of the cable.</param>
    /// <param name="lengthBytes">Its length, by which it is told from others of the same cycle.</param>
    /// <param name="descriptorIndex">The descriptor that it lies in; -1 for none.</param>
    /// <param name="drop">Why the card dropped it, in a word or two; null if it did not.</param>
    void Settled(ulong arrivalCycle, int lengthBytes, int descriptorIndex, string? drop);
}
