using System.Buffers.Binary;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// What a transmitter makes of a sequence of descriptors, in the plainest way: no time, no FIFO, one descriptor after
/// the other, written from the manual (SDM "Packet Transmission") and not from the card.
/// </summary>
internal sealed class PlainTransmitter
{
    private const int PacketBytesMax = 16_288;

    private readonly Func<ulong, int, byte[]> _memory;
    private readonly bool _isPadding;
    private readonly List<byte> _packet = [];
    private bool _isOpen;
    private (ulong Low, ulong High) _first;
    private (ulong Low, ulong High) _checksum;
    private (ulong Low, ulong High) _segmentation;

    public PlainTransmitter(Func<ulong, int, byte[]> memory, bool isPadding)
    {
        _memory = memory;
        _isPadding = isPadding;
    }

    /// <summary>Frames that have to leave, and the descriptors that they end in.</summary>
    public List<(byte[] Bytes, int Index)> Frames { get; } = [];

    /// <summary>Descriptors that have to get DD, in order.</summary>
    public List<int> Done { get; } = [];

    public void Process(int index, ulong low, ulong high)
    {
        byte command = (byte)(high >> 24);
        bool isExtended = (command & 0x20) != 0;
        int type = (int)(high >> 20) & 0xf;
        if ((command & 8) != 0)
        {
            Done.Add(index);
        }

        if (isExtended && type == 0)
        {
            if ((command & 4) != 0)
            {
                _segmentation = (low, high);
            }
            else
            {
                _checksum = (low, high);
            }

            return;
        }

        if (isExtended && type != 1)
        {
            return;
        }

        if (!_isOpen)
        {
            _isOpen = true;
            _first = (low, high);
        }

        int length = (int)(high & (isExtended ? 0xf_fffful : 0xffff));
        if (low != 0 && length != 0)
        {
            _packet.AddRange(_memory(low, length));
        }

        if ((command & 1) != 0)
        {
            End(index, high);
            _packet.Clear();
            _isOpen = false;
        }
    }

    private void End(int index, ulong high)
    {
        bool isFirstData = (_first.High >> 29 & 1) != 0;
        byte options = isFirstData ? (byte)(_first.High >> 40) : (byte)0;
        if (isFirstData && (_first.High >> 26 & 1) != 0)
        {
            Segment(index, options);
            return;
        }

        if (_packet.Count is 0 or > PacketBytesMax)
        {
            return;
        }

        byte[] frame = [.. _packet];
        bool isLegacy = (high >> 29 & 1) == 0;
        int start = (byte)(high >> 40);
        int offset = (byte)(high >> 16);
        if (isLegacy && (high >> 26 & 1) != 0 && start < frame.Length && offset < frame.Length - 1)
        {
            Checksum(frame, start, frame.Length - 1, offset, false);
        }

        InsertChecksums(frame, _checksum, options);
        Leave(frame, index);
    }

    /// <summary>Lengths match in what the tests make: PAYLEN is what follows HDRLEN.</summary>
    private void Segment(int index, byte options)
    {
        int header = (byte)(_segmentation.High >> 40);
        int most = (ushort)(_segmentation.High >> 48);
        int payload = (int)(_segmentation.High & 0xf_ffff);
        int ip = (byte)_segmentation.Low;
        int transport = (byte)(_segmentation.Low >> 32);
        int checksumAt = (byte)(_segmentation.Low >> 40);
        for (int done = 0, number = 0; done < payload; done += most, number++)
        {
            byte[] frame = [.. _packet.Take(header), .. _packet.Skip(header + done).Take(Math.Min(most, payload - done))];
            Put16(frame, ip + 2, frame.Length - ip);
            Put16(frame, ip + 4, Get16(frame, ip + 4) + number);
            uint sequence = BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(transport + 4));
            BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(transport + 4), sequence + (uint)done);
            if (done + most < payload)
            {
                frame[transport + 13] &= 0xf6;
            }

            if ((options & 2) != 0)
            {
                Put16(frame, checksumAt, PlainPackets.Sum(frame.AsSpan(checksumAt, 2), frame.Length - transport));
            }

            InsertChecksums(frame, _segmentation, options);
            Leave(frame, index);
        }
    }

    private void Leave(byte[] frame, int index) =>
        Frames.Add((_isPadding && frame.Length < 60 ? [.. frame, .. new byte[60 - frame.Length]] : frame, index));

    private static void InsertChecksums(byte[] frame, (ulong Low, ulong High) context, byte options)
    {
        if ((options & 1) != 0)
        {
            Checksum(frame, (byte)context.Low, (ushort)(context.Low >> 16), (byte)(context.Low >> 8), false);
        }

        if ((options & 2) != 0)
        {
            bool isUdp = (context.High >> 24 & 1) == 0;
            Checksum(
                frame, (byte)(context.Low >> 32), (ushort)(context.Low >> 48), (byte)(context.Low >> 40), isUdp);
        }
    }

    private static void Checksum(byte[] frame, int start, int end, int offset, bool isUdp)
    {
        if (start >= frame.Length || offset + 2 > frame.Length)
        {
            return;
        }

        int last = end == 0 || end >= frame.Length ? frame.Length - 1 : end;
        int checksum = last < start ? 0xffff : 0xffff - PlainPackets.Sum(frame.AsSpan(start, last - start + 1));
        Put16(frame, offset, isUdp && checksum == 0 ? 0xffff : checksum);
    }

    private static int Get16(byte[] frame, int at) => frame[at] << 8 | frame[at + 1];

    private static void Put16(byte[] frame, int at, int value)
    {
        frame[at] = (byte)(value >> 8);
        frame[at + 1] = (byte)value;
    }
}
