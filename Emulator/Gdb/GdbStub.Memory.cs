namespace RiscvXv6.Emulator.Gdb;

/// <content>Memory, as the selected hart sees it at present, or by physical address.</content>
internal sealed partial class GdbStub
{
    /// <summary>What a reply holds in hexadecimal, and a binary one if every byte must be escaped.</summary>
    private const int MaxReadBytes = PacketReader.MaxContentBytes / 2 - 8;

    /// <summary>What is searched at once, while the machine waits.</summary>
    private const int SearchStepBytes = 1 << 18;

    private readonly byte[] _memory = new byte[MaxReadBytes];
    private MemorySearch? _search;

    /// <summary>Goes on with what <see cref="PacketOutcome.Continue"/> was said of.</summary>
    public PacketOutcome Continue(ReplyBuffer reply)
    {
        if (_search is null)
        {
            return PacketOutcome.Silence;
        }

        var outcome = SearchOn(_search, reply);
        if (outcome == PacketOutcome.Reply)
        {
            _search = null;
            reply.End();
        }

        return outcome;
    }

    private PacketOutcome ReadMemory(ref PacketText text, ReplyBuffer reply, bool asBinary)
    {
        if (!text.TryTakePair(out ulong address, out ulong length) || !text.IsAtEnd)
        {
            return Confirm(reply, false);
        }

        // Less than was asked for is a good answer, if not nothing.
        var wanted = _memory.AsSpan(0, (int)Math.Min(length, MaxReadBytes));
        var bytes = wanted[..Read(address, wanted)];
        if (bytes.IsEmpty && length > 0)
        {
            reply.Text(GdbError.NoMemory);
        }
        else if (asBinary)
        {
            // The letter tells it from an empty reply.
            reply.Text("b"u8).Binary(bytes);
        }
        else
        {
            reply.Hex(bytes);
        }

        return PacketOutcome.Reply;
    }

    private PacketOutcome WriteMemory(ref PacketText text, ReplyBuffer reply, bool asBinary)
    {
        if (!text.TryTakePair(out ulong address, out ulong length) || !text.TryTake(':') || length > PacketReader.MaxContentBytes)
        {
            return Confirm(reply, false);
        }

        ReadOnlySpan<byte> bytes;
        if (asBinary)
        {
            bytes = text.Rest;
            if ((ulong)bytes.Length != length)
            {
                return Confirm(reply, false);
            }
        }
        else
        {
            if ((ulong)text.Rest.Length != 2 * length)
            {
                return Confirm(reply, false);
            }

            var decoded = _memory.AsSpan(0, (int)length);
            if (!text.TryTakeBytes(decoded))
            {
                return Confirm(reply, false);
            }

            bytes = decoded;
        }

        bool isWritten = _addressesArePhysical
            ? Debug.TryWritePhysical(address, bytes)
            : Debug.TryWrite(_generalHart, address, bytes);
        reply.Text(isWritten ? "OK"u8 : GdbError.NoMemory);
        return PacketOutcome.Reply;
    }

    /// <summary><c>qSearch:memory:ADDRESS;LENGTH;PATTERN</c>.</summary>
    private PacketOutcome BeginSearch(ref PacketText text, ReplyBuffer reply)
    {
        if (!text.TryTakeNumber(out ulong address) || !text.TryTake(';')
            || !text.TryTakeNumber(out ulong length) || !text.TryTake(';') || text.IsAtEnd)
        {
            return Confirm(reply, false);
        }

        _search = new MemorySearch(address, length, text.Rest.ToArray());
        return PacketOutcome.Continue;
    }

    private PacketOutcome SearchOn(MemorySearch search, ReplyBuffer reply)
    {
        byte[] pattern = search.Pattern;
        byte[] window = search.Window ??= new byte[SearchStepBytes + pattern.Length];
        var wanted = window.AsSpan(0, (int)Math.Min(search.LeftBytes, (ulong)window.Length));
        var bytes = wanted[..Read(search.Address, wanted)];
        int found = bytes.IndexOf(pattern);
        if (found >= 0)
        {
            reply.Text("1,"u8).Number(search.Address + (ulong)found);
            return PacketOutcome.Reply;
        }

        // Where memory ends, and where the rest is too short, nothing can be found any more.
        if (bytes.Length < wanted.Length || (ulong)wanted.Length == search.LeftBytes)
        {
            reply.Text(bytes.IsEmpty ? GdbError.NoMemory : "0"u8);
            return PacketOutcome.Reply;
        }

        ulong done = (ulong)(bytes.Length - pattern.Length + 1);
        search.Address += done;
        search.LeftBytes -= done;
        return PacketOutcome.Continue;
    }

    private int Read(ulong address, Span<byte> bytes) => _addressesArePhysical
        ? Debug.ReadPhysical(address, bytes)
        : Debug.Read(_generalHart, address, bytes);

    private sealed class MemorySearch(ulong address, ulong length, byte[] pattern)
    {
        public ulong Address { get; set; } = address;

        public ulong LeftBytes { get; set; } = length;

        public byte[] Pattern { get; } = pattern;

        public byte[]? Window { get; set; }
    }
}
