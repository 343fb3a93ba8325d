namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>A frame for a capture.</summary>
public readonly ref struct CapturedFrame
{
    /// <summary>When it was at the card's end of the cable.</summary>
    public required ulong Cycle { get; init; }

    public required FrameDirection Direction { get; init; }

    /// <summary>Without frame check sequence.</summary>
    public required ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>What is wrong with it, and the descriptor that it came from or went to.</summary>
    public required FrameInfo Info { get; init; }

    /// <summary>What befalls it on its way.</summary>
    public required FrameNotes Notes { get; init; }

    /// <summary>Why the card dropped it, in a word or two; null if it did not, or nobody knows.</summary>
    public string? CardDrop { get; init; }
}
