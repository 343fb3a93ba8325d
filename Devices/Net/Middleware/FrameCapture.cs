using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>
/// Writes down what passes at the card's end of the cable: what the card sends, at the end of the frame, with what the network will do to
/// it, and what comes to the card, at the cycle of its arrival. A frame that a fault keeps from the card is written as lost.
/// </summary>
internal sealed class FrameCapture(INetworkBackend inner, CaptureTap tap, IGuestClock clock, bool hasFaults)
    : LinkMiddleware(inner), IFaultObserver, ICardObserver
{
    private readonly ICaptureWriter _writer = tap.Writer;
    private readonly bool _takesSent = (tap.Directions & CaptureDirections.ToNetwork) != 0;
    private readonly bool _takesReceived = (tap.Directions & CaptureDirections.ToCard) != 0;

    /// <summary>Frames whose end at the card is awaited; null if the card will not tell.</summary>
    private CaptureHold? _hold;

    /// <summary>The frame that is being sent, until it is known what befalls it.</summary>
    private byte[] _sent = hasFaults ? new byte[2048] : [];
    private int _sentBytes;
    private FrameInfo _sentInfo;
    private FrameNotes _sentNotes;
    private bool _isSending;
    private FrameNotes _nextNotes;

    public override void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        if (_takesSent)
        {
            if (hasFaults)
            {
                Hold(frame, info);
            }
            else
            {
                Write(FrameDirection.ToNetwork, frame, info, default);
            }
        }

        base.Send(frame, info);
        WriteSent();
    }

    public override void Receive(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        var notes = _nextNotes;
        _nextNotes = default;
        WriteReceived(frame, info, notes);
        base.Receive(frame, info);
    }

    void IFaultObserver.Noted(FrameDirection direction, in FrameNotes notes)
    {
        if (direction == FrameDirection.ToNetwork)
        {
            _sentNotes = notes;
        }
        else
        {
            _nextNotes = notes;
        }
    }

    void IFaultObserver.LostToCard(ReadOnlySpan<byte> frame, in FrameInfo info, in FrameNotes notes) =>
        WriteReceived(frame, info, notes);

    void ICardObserver.BeginObserving() => _hold = _takesReceived ? new CaptureHold(_writer, clock) : null;

    void ICardObserver.Settled(ulong arrivalCycle, int lengthBytes, int descriptorIndex, string? drop) =>
        _hold?.Settle(arrivalCycle, lengthBytes, descriptorIndex, drop);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hold?.WriteAll();
            _writer.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Hold(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        if (frame.Length > _sent.Length)
        {
            Array.Resize(ref _sent, frame.Length);
        }

        frame.CopyTo(_sent);
        (_sentBytes, _sentInfo, _sentNotes, _isSending) = (frame.Length, info, default, true);
    }

    /// <summary>An answer that comes within the sending is younger than what it answers.</summary>
    private void WriteSent()
    {
        if (_isSending)
        {
            _isSending = false;
            Write(FrameDirection.ToNetwork, _sent.AsSpan(0, _sentBytes), _sentInfo, _sentNotes);
        }
    }

    private void WriteReceived(ReadOnlySpan<byte> frame, in FrameInfo info, in FrameNotes notes)
    {
        WriteSent();
        if (_takesReceived)
        {
            Write(FrameDirection.ToCard, frame, info, notes);
        }
    }

    private void Write(FrameDirection direction, ReadOnlySpan<byte> frame, in FrameInfo info, in FrameNotes notes)
    {
        var captured = new CapturedFrame
        {
            Cycle = clock.NowCycles,
            Direction = direction,
            Bytes = frame,
            Info = info,
            Notes = notes,
        };
        if (_hold is null)
        {
            _writer.Write(captured);
        }
        else
        {
            _hold.Add(captured);
        }
    }
}
