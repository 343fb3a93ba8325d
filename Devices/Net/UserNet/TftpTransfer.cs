using System.Buffers.Binary;
using System.Buffers.Text;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>A file on its way to a guest: which block it is at, and how that one is written.</summary>
internal sealed class TftpTransfer : IDisposable
{
    public const int DefaultBlockBytes = 512;

    /// <summary>Longest block: one that is not cut into fragments.</summary>
    public const int BlockBytesMax = GuestLink.MtuBytes - IPv4Header.SizeBytes - UdpHeader.SizeBytes - HeaderBytes;

    public const int HeaderBytes = 4;

    private const int BlockBytesMin = 8;
    private const int TimeoutSecondsMax = 255;

    private readonly ITftpFile _file;
    private readonly bool _acceptsBlockSize;
    private readonly bool _acceptsSize;
    private readonly bool _acceptsTimeout;
    private readonly int _blockBytes = DefaultBlockBytes;
    private readonly uint _nameHash;
    private long _block;

    /// <param name="file">What is sent; disposed with the transfer.</param>
    /// <param name="request">What the guest asked for.</param>
    /// <param name="guest">Who gets it.</param>
    /// <param name="port">The server's port for this transfer.</param>
    public TftpTransfer(ITftpFile file, in TftpRequest request, HostEndpoint guest, ushort port)
    {
        _file = file;
        Guest = guest;
        Port = port;
        _nameHash = Hash(request.Name);

        // RFC 2348 "Blocksize Option Specification": the server may answer with less than was asked for.
        if (request.TryFind("blksize"u8, out long blockBytes) && blockBytes >= BlockBytesMin)
        {
            _acceptsBlockSize = true;
            _blockBytes = (int)Math.Min(blockBytes, BlockBytesMax);
        }

        _acceptsSize = request.TryFind("tsize"u8, out _);
        if (request.TryFind("timeout"u8, out long seconds) && seconds is >= 1 and <= TimeoutSecondsMax)
        {
            _acceptsTimeout = true;
            TimeoutSeconds = (uint)seconds;
        }

        _block = _acceptsBlockSize || _acceptsSize || _acceptsTimeout ? 0 : 1;
    }

    public HostEndpoint Guest { get; }

    public ushort Port { get; }

    /// <summary>Before what was sent is sent again.</summary>
    public uint TimeoutSeconds { get; } = 1;

    /// <summary>When that will be.</summary>
    public ulong DeadlineCycles { get; set; }

    /// <summary>How often what was sent last has been sent again.</summary>
    public int Retries { get; set; }

    private bool IsAtStart => _block == (_acceptsBlockSize || _acceptsSize || _acceptsTimeout ? 0 : 1);

    /// <summary>The request has come again, because its answer was lost.</summary>
    public bool IsAnswerTo(in TftpRequest request, HostEndpoint guest) =>
        Guest == guest && IsAtStart && _nameHash == Hash(request.Name);

    /// <summary>
    /// Takes an acknowledgement. False if it is not of what was sent last: then nothing is sent, or each duplicate
    /// would be sent twice from then on (RFC 1123 "Sorcerer's Apprentice Syndrome").
    /// </summary>
    public bool TryAdvance(ushort block, out bool isOver)
    {
        isOver = false;
        if (block != (ushort)_block)
        {
            return false;
        }

        // RFC 1350 "Normal Termination": a block that is not full, empty perhaps, is the last.
        isOver = _block > 0 && _file.SizeBytes < _block * _blockBytes;
        _block++;
        return true;
    }

    /// <summary>Writes the packet that is due. Returns its length, or -1 if the file can't be read.</summary>
    public int Write(Span<byte> packet)
    {
        if (_block == 0)
        {
            return WriteOptions(packet);
        }

        BinaryPrimitives.WriteUInt16BigEndian(packet, (ushort)TftpOperation.Data);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)_block);
        long offset = (_block - 1) * _blockBytes;
        int lengthBytes = (int)Math.Min(_blockBytes, _file.SizeBytes - offset);
        bool isRead = lengthBytes >= 0 && _file.Read(offset, packet.Slice(HeaderBytes, lengthBytes)) == lengthBytes;
        return isRead ? HeaderBytes + lengthBytes : -1;
    }

    public void Dispose() => _file.Dispose();

    private int WriteOptions(Span<byte> packet)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet, (ushort)TftpOperation.OptionAcknowledgement);
        int at = sizeof(ushort);
        at += _acceptsBlockSize ? WriteOption(packet[at..], "blksize\0"u8, _blockBytes) : 0;
        at += _acceptsSize ? WriteOption(packet[at..], "tsize\0"u8, _file.SizeBytes) : 0;
        at += _acceptsTimeout ? WriteOption(packet[at..], "timeout\0"u8, TimeoutSeconds) : 0;
        return at;
    }

    private static int WriteOption(Span<byte> bytes, ReadOnlySpan<byte> name, long value)
    {
        name.CopyTo(bytes);
        Utf8Formatter.TryFormat(value, bytes[name.Length..], out int digits);
        bytes[name.Length + digits] = 0;
        return name.Length + digits + 1;
    }

    /// <summary>
    /// FNV-1a: enough to tell a repeated request from one for another file, at the same port, before the first block.
    /// </summary>
    private static uint Hash(ReadOnlySpan<byte> name)
    {
        uint hash = 2_166_136_261;
        foreach (byte one in name)
        {
            hash = (hash ^ one) * 16_777_619;
        }

        return hash;
    }
}
