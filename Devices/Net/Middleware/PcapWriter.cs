using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>
/// A pcap file as QEMU's <c>filter-dump</c> writes it: magic a1b2c3d4, version 2.4, Ethernet, microseconds of virtual time. It has no place
/// for direction or remarks, and what a fault keeps from the card is not in it.
/// </summary>
public sealed class PcapWriter : ICaptureWriter
{
    /// <summary>QEMU's <c>maxlen</c>.</summary>
    public const int DefaultMaxLengthBytes = 65536;

    private const uint Magic = 0xa1b2_c3d4;
    private const int LinkTypeEthernet = 1;
    private const ulong MicrosecondsPerSecond = 1_000_000;

    private readonly CaptureFile _file;
    private readonly IGuestClock _clock;
    private readonly ulong _startSeconds;
    private readonly int _maxLengthBytes;

    /// <param name="stream">An unbuffered file, from its beginning; closed with this.</param>
    /// <param name="clock">The machine's.</param>
    /// <param name="notice">Takes a line for a person if the file can't be written.</param>
    /// <param name="maxLengthBytes">Of longer frames only so many bytes are kept; 1 or more.</param>
    /// <param name="startNanoseconds">What the clock on the wall shows at cycle 0, since 1970; like QEMU, in whole seconds.</param>
    public PcapWriter(
        Stream stream,
        IGuestClock clock,
        Action<string> notice,
        int maxLengthBytes = DefaultMaxLengthBytes,
        ulong startNanoseconds = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLengthBytes, 1);
        _file = new CaptureFile(stream, notice);
        _clock = clock;
        _maxLengthBytes = maxLengthBytes;
        _startSeconds = startNanoseconds / 1_000_000_000;
        _file.Add32(Magic);
        _file.Add16(2);
        _file.Add16(4);
        _file.Add32(0);
        _file.Add32(0);
        _file.Add32((uint)maxLengthBytes);
        _file.Add32(LinkTypeEthernet);
        _file.Flush();
    }

    public void Write(in CapturedFrame frame)
    {
        if (frame.Notes.IsLost && frame.Direction == FrameDirection.ToCard)
        {
            return;
        }

        ulong microseconds = (ulong)((UInt128)frame.Cycle * MicrosecondsPerSecond / _clock.CyclesPerSecond);
        int kept = Math.Min(frame.Bytes.Length, _maxLengthBytes);
        _file.Add32((uint)(microseconds / MicrosecondsPerSecond + _startSeconds));
        _file.Add32((uint)(microseconds % MicrosecondsPerSecond));
        _file.Add32((uint)kept);
        _file.Add32((uint)frame.Bytes.Length);
        _file.Add(frame.Bytes[..kept]);
    }

    public void Flush() => _file.Flush();

    public void Dispose() => _file.Dispose();
}
