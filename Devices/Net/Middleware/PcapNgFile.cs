using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>
/// A pcapng file: an interface for each card, nanoseconds from guest cycles, the direction of each frame, and remarks: the descriptor
/// that a frame came from, and what befell it.
/// </summary>
public sealed class PcapNgFile
{
    private const uint SectionHeaderBlock = 0x0a0d_0d0a;
    private const uint InterfaceDescriptionBlock = 1;
    private const uint EnhancedPacketBlock = 6;
    private const uint ByteOrderMagic = 0x1a2b_3c4d;
    private const int LinkTypeEthernet = 1;
    private const int LongestRemarkBytes = 256;

    private readonly CaptureFile _file;
    private readonly IGuestClock _clock;
    private readonly ulong _startNanoseconds;
    private readonly byte[] _remark = new byte[LongestRemarkBytes];
    private uint _interfaces;
    private int _open;

    /// <param name="stream">An unbuffered file, from its beginning; closed with the last interface.</param>
    /// <param name="clock">The machine's.</param>
    /// <param name="notice">Takes a line for a person if the file can't be written.</param>
    /// <param name="startNanoseconds">What the clock on the wall shows at cycle 0, since 1970.</param>
    public PcapNgFile(Stream stream, IGuestClock clock, Action<string> notice, ulong startNanoseconds = 0)
    {
        _file = new CaptureFile(stream, notice);
        _clock = clock;
        _startNanoseconds = startNanoseconds;
        byte[] application = OptionOf(4, "riscvxv6");
        StartBlock(SectionHeaderBlock, 16 + application.Length + 4, out uint length);
        _file.Add32(ByteOrderMagic);
        _file.Add16(1);
        _file.Add16(0);
        _file.Add32(uint.MaxValue); // The section's length is not known.
        _file.Add32(uint.MaxValue);
        _file.Add(application);
        EndBlock(length);
        _file.Flush();
    }

    /// <summary>Adds a card, before the machine runs.</summary>
    /// <param name="name">As Wireshark shows it: <c>net0</c>.</param>
    /// <param name="description">One line.</param>
    public ICaptureWriter AddInterface(string name, string description)
    {
        byte[] options = [.. OptionOf(2, name), .. OptionOf(3, description), 9, 0, 1, 0, 9, 0, 0, 0]; // if_tsresol: 10^-9 s
        StartBlock(InterfaceDescriptionBlock, 8 + options.Length + 4, out uint length);
        _file.Add16(LinkTypeEthernet);
        _file.Add16(0);
        _file.Add32(0); // Frames are never cut.
        _file.Add(options);
        EndBlock(length);
        _file.Flush();
        _open++;
        return new PcapNgInterface(this, _interfaces++);
    }

    /// <summary>Lets readers of the file see everything so far.</summary>
    public void Flush() => _file.Flush();

    private void Write(uint number, in CapturedFrame frame)
    {
        int remarkBytes = Remark(frame);
        int paddedFrame = Padded(frame.Bytes.Length);
        int optionBytes = (remarkBytes > 0 ? 4 + Padded(remarkBytes) : 0) + 8 + 4;
        var sinceStart = (UInt128)frame.Cycle * 1_000_000_000 / _clock.CyclesPerSecond;
        ulong time = (ulong)sinceStart + _startNanoseconds;

        StartBlock(EnhancedPacketBlock, 20 + paddedFrame + optionBytes, out uint length);
        _file.Add32(number);
        _file.Add32((uint)(time >> 32));
        _file.Add32((uint)time);
        _file.Add32((uint)frame.Bytes.Length);
        _file.Add32((uint)frame.Bytes.Length);
        _file.Add(frame.Bytes);
        Pad(frame.Bytes.Length);
        if (remarkBytes > 0)
        {
            _file.Add16(1);
            _file.Add16(remarkBytes);
            _file.Add(_remark.AsSpan(0, remarkBytes));
            Pad(remarkBytes);
        }

        // epb_flags: direction in bits 1:0, and a wrong frame check sequence in bit 24.
        uint flags = frame.Direction == FrameDirection.ToCard ? 1u : 2u;
        flags |= (frame.Info.Flags & FrameFlags.BadFcs) != 0 ? 1u << 24 : 0;
        _file.Add16(2);
        _file.Add16(4);
        _file.Add32(flags);
        EndBlock(length);
    }

    private void CloseInterface()
    {
        if (--_open == 0)
        {
            _file.Dispose();
        }
    }

    /// <summary>What stands before a block's body.</summary>
    /// <param name="bodyBytes">With its options and their end.</param>
    private void StartBlock(uint type, int bodyBytes, out uint length)
    {
        length = (uint)(12 + bodyBytes);
        _file.Add32(type);
        _file.Add32(length);
    }

    /// <summary>opt_endofopt, and the length again, for those who read backwards.</summary>
    private void EndBlock(uint length)
    {
        _file.Add32(0);
        _file.Add32(length);
    }

    private void Pad(int length) => _file.Add("\0\0\0"u8[..(Padded(length) - length)]);

    private static int Padded(int length) => (length + 3) & ~3;

    private static byte[] OptionOf(ushort code, string text)
    {
        byte[] value = Encoding.UTF8.GetBytes(text);
        byte[] option = new byte[4 + Padded(value.Length)];
        BinaryPrimitives.WriteUInt16LittleEndian(option, code);
        BinaryPrimitives.WriteUInt16LittleEndian(option.AsSpan(2), (ushort)value.Length);
        value.CopyTo(option, 4);
        return option;
    }

    /// <summary>Puts into words what is known of a frame; 0 bytes if nothing is worth a remark.</summary>
    private int Remark(in CapturedFrame frame)
    {
        var (info, notes) = (frame.Info, frame.Notes);
        int count = 0;
        if (info.DescriptorIndex >= 0)
        {
            Say(true, "descriptor "u8, ref count);
            Count((ulong)info.DescriptorIndex, ref count);
        }

        Say((info.Flags & FrameFlags.MissingFcs) != 0, "no FCS"u8, ref count);
        Say((info.Flags & FrameFlags.BadFcs) != 0, "bad FCS"u8, ref count);
        Say((notes.Faults & FaultSet.Duplicate) != 0, "fault: duplicate"u8, ref count);
        Say((notes.Faults & FaultSet.Corrupt) != 0, "fault: corrupt"u8, ref count);
        Say((notes.Faults & FaultSet.BadFcs) != 0, "fault: FCS destroyed"u8, ref count);
        Say((notes.Faults & FaultSet.Reorder) != 0, "fault: reorder"u8, ref count);
        if (notes.DelayNanoseconds > 0)
        {
            Say(true, "fault: delay "u8, ref count);
            Count(notes.DelayNanoseconds, ref count);
            " ns"u8.CopyTo(_remark.AsSpan(count));
            count += 3;
        }

        if (notes.IsLost)
        {
            Say((notes.Faults & FaultSet.Drop) != 0, "lost: drop"u8, ref count);
            Say((notes.Faults & FaultSet.RateLimit) != 0, "lost: rate limit"u8, ref count);
            Say((notes.Faults & FaultSet.LinkDown) != 0, "lost: link down"u8, ref count);
        }

        if (frame.CardDrop is { } reason)
        {
            Say(true, "dropped by the card: "u8, ref count);
            count += Encoding.UTF8.GetBytes(reason, _remark.AsSpan(count));
        }

        return count;
    }

    private void Count(ulong number, ref int count)
    {
        number.TryFormat(_remark.AsSpan(count), out int written, default, CultureInfo.InvariantCulture);
        count += written;
    }

    private void Say(bool isSo, ReadOnlySpan<byte> words, ref int count)
    {
        if (!isSo)
        {
            return;
        }

        if (count > 0)
        {
            "; "u8.CopyTo(_remark.AsSpan(count));
            count += 2;
        }

        words.CopyTo(_remark.AsSpan(count));
        count += words.Length;
    }

    private sealed class PcapNgInterface(PcapNgFile file, uint number) : ICaptureWriter
    {
        private bool _isClosed;

        public void Write(in CapturedFrame frame) => file.Write(number, frame);

        public void Flush() => file.Flush();

        public void Dispose()
        {
            if (!_isClosed)
            {
                _isClosed = true;
                file.CloseInterface();
            }
        }
    }
}
