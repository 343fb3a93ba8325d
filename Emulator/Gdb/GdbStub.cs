using System.Buffers.Binary;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Gdb;

/// <summary>
/// The machine as one client sees it: answers its packets. All of it is for the machine's thread, between two turns; nothing in a
/// packet can make it throw. GDB "Packets", "General Query Packets".
/// </summary>
/// <remarks>
/// A hart is a thread, numbered from 1. While the machine runs, packets are answered all the same, as of the moment.
/// </remarks>
/// <param name="machine">The machine.</param>
/// <param name="monitor">Runs a line that the client has for the machine's monitor; null if there is none.</param>
/// <param name="sendLater">Takes a packet, as it goes over the wire, that answers an earlier one. It must not wait.</param>
/// <param name="sendLast">Takes the packet that says how the machine has ended. It must not wait.</param>
internal sealed partial class GdbStub(
    VirtMachine machine,
    Action<string, TextWriter>? monitor,
    Action<ReadOnlyMemory<byte>> sendLater,
    Action<ReadOnlyMemory<byte>> sendLast)
{
    private readonly ClientStops _stops = new();
    private readonly ReplyBuffer _stopReply = new();
    private int _generalHart;
    private ThreadSelection _runHarts = ThreadSelection.All;
    private bool _isAttached;
    private bool _addressesArePhysical;
    private bool _wantsSoftwareStops;
    private bool _wantsHardwareStops;

    /// <summary>The client and this side agreed to do without acknowledgements.</summary>
    public bool HasNoAcknowledgements { get; private set; }

    private DebugControl Debug => machine.Debug;

    private int HartCount => machine.Harts.Count;

    /// <summary>Answers a packet. The first one of a client, and the first after it let go, halts the machine.</summary>
    /// <param name="packet">Its content.</param>
    /// <param name="reply">Gets the reply, if there is one, and before it packets that the client prints.</param>
    public PacketOutcome Handle(ReadOnlySpan<byte> packet, ReplyBuffer reply)
    {
        Attach();
        var text = new PacketText(packet);
        var outcome = Handle(ref text, reply);
        if (outcome == PacketOutcome.Reply)
        {
            reply.End();
        }

        return outcome;
    }

    /// <summary>The client's Ctrl-C.</summary>
    public void Interrupt()
    {
        if (!_isAttached)
        {
            Listen();
            _stopIsAwaited = !Debug.IsHalted;
        }

        Debug.Halt();
    }

    /// <summary>The client is gone: its breakpoints go too, and the machine runs or stays halted as it was.</summary>
    public void Leave()
    {
        if (!_isAttached)
        {
            return;
        }

        LetGo();
        if (!Debug.IsHalted)
        {
            // If it was running for one hart alone, from now on it runs for all.
            Debug.Resume();
        }
    }

    private void Attach()
    {
        if (!_isAttached)
        {
            Listen();
            Debug.Halt();
            _generalHart = Debug.LastStop?.Hart ?? machine.CurrentHart;
        }
    }

    private void Listen()
    {
        _isAttached = true;
        Debug.Stopped += TellStop;
        Debug.Ended += TellEnd;
    }

    private void LetGo()
    {
        _isAttached = false;
        _stopIsAwaited = false;
        Debug.Stopped -= TellStop;
        Debug.Ended -= TellEnd;
        _stops.RemoveAll(Debug);
    }

    private PacketOutcome Handle(ref PacketText text, ReplyBuffer reply)
    {
        switch (text.TakeByte())
        {
            case (byte)'?':
                return Ask(reply);
            case (byte)'g' when text.IsAtEnd:
                return ReadRegisters(reply);
            case (byte)'G':
                return WriteRegisters(ref text, reply);
            case (byte)'p':
                return ReadRegister(ref text, reply);
            case (byte)'P':
                return WriteRegister(ref text, reply);
            case (byte)'m':
                return ReadMemory(ref text, reply, asBinary: false);
            case (byte)'x':
                return ReadMemory(ref text, reply, asBinary: true);
            case (byte)'M':
                return WriteMemory(ref text, reply, asBinary: false);
            case (byte)'X':
                return WriteMemory(ref text, reply, asBinary: true);
            case (byte)'Z':
                return SetStop(ref text, reply, isSet: true);
            case (byte)'z':
                return SetStop(ref text, reply, isSet: false);
            case (byte)'c':
                return Go(ref text, reply, HartActionKind.Continue, hasSignal: false);
            case (byte)'C':
                return Go(ref text, reply, HartActionKind.Continue, hasSignal: true);
            case (byte)'s':
                return Go(ref text, reply, HartActionKind.Step, hasSignal: false);
            case (byte)'S':
                return Go(ref text, reply, HartActionKind.Step, hasSignal: true);
            case (byte)'v':
                return HandleNamed(ref text, reply);
            case (byte)'H':
                return SelectThread(ref text, reply);
            case (byte)'T':
                return Confirm(reply, ThreadSelection.TryTake(ref text, HartCount, out _) && text.IsAtEnd);
            case (byte)'q':
                return Query(ref text, reply);
            case (byte)'Q':
                return Set(ref text, reply);
            case (byte)'D' when text.IsAtEnd || text.TryTake(';'):
                return Detach(reply);
            case (byte)'k' when text.IsAtEnd:
                machine.RequestStop(StopReason.Debugger);
                return PacketOutcome.Silence;
            default:
                // What is not known gets an empty reply.
                return PacketOutcome.Reply;
        }
    }

    private PacketOutcome HandleNamed(ref PacketText text, ReplyBuffer reply)
    {
        var name = text.Rest;
        if (name.SequenceEqual("Cont?"u8))
        {
            reply.Text("vCont;c;C;s;S;t;r"u8);
        }
        else if (name.StartsWith("Cont;"u8))
        {
            text.TryTake("Cont"u8);
            return GoEach(ref text, reply);
        }
        else if (name.SequenceEqual("Kill"u8) || name.StartsWith("Kill;"u8))
        {
            machine.RequestStop(StopReason.Debugger);
            return Confirm(reply, true);
        }

        return PacketOutcome.Reply;
    }

    private PacketOutcome SelectThread(ref PacketText text, ReplyBuffer reply)
    {
        byte purpose = text.TakeByte();
        bool isGood = ThreadSelection.TryTake(ref text, HartCount, out var selection) && text.IsAtEnd
            && purpose is (byte)'g' or (byte)'c';
        if (isGood && purpose == 'c')
        {
            _runHarts = selection;
        }
        else if (isGood && selection.IsOne)
        {
            _generalHart = selection.Hart;
        }

        return Confirm(reply, isGood);
    }

    private PacketOutcome Detach(ReplyBuffer reply)
    {
        LetGo();
        Debug.Resume();
        return Confirm(reply, true);
    }

    private PacketOutcome ReadRegisters(ReplyBuffer reply)
    {
        for (int number = 0; number < GdbRegister.GeneralCount; number++)
        {
            AppendRegister(reply, Debug.ReadRegister(_generalHart, (HartRegister)number), sizeof(ulong));
        }

        return PacketOutcome.Reply;
    }

    private PacketOutcome WriteRegisters(ref PacketText text, ReplyBuffer reply)
    {
        Span<byte> bytes = stackalloc byte[GdbRegister.GeneralCount * sizeof(ulong)];
        if (!text.TryTakeBytes(bytes) || !text.IsAtEnd)
        {
            return Confirm(reply, false);
        }

        for (int number = 0; number < GdbRegister.GeneralCount; number++)
        {
            ulong value = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(number * sizeof(ulong))..]);
            Debug.WriteRegister(_generalHart, (HartRegister)number, value);
        }

        return Confirm(reply, true);
    }

    private PacketOutcome ReadRegister(ref PacketText text, ReplyBuffer reply)
    {
        if (!text.TryTakeNumber(out ulong number) || !text.IsAtEnd
            || !new GdbRegister(number).TryRead(Debug, _generalHart, out ulong value))
        {
            return Confirm(reply, false);
        }

        AppendRegister(reply, value, new GdbRegister(number).SizeBytes);
        return PacketOutcome.Reply;
    }

    private PacketOutcome WriteRegister(ref PacketText text, ReplyBuffer reply)
    {
        if (!text.TryTakeNumber(out ulong number) || !text.TryTake('='))
        {
            return Confirm(reply, false);
        }

        var register = new GdbRegister(number);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        bool isGood = text.TryTakeBytes(bytes[..register.SizeBytes]) && text.IsAtEnd
            && register.TryWrite(Debug, _generalHart, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        return Confirm(reply, isGood);
    }

    private PacketOutcome SetStop(ref PacketText text, ReplyBuffer reply, bool isSet)
    {
        int kind = HexDigits.Value(text.TakeByte());
        if (kind is < (int)ClientStopKind.Software or > (int)ClientStopKind.AccessWatch)
        {
            // Unknown kinds are unknown packets.
            return PacketOutcome.Reply;
        }

        if (!text.TryTake(',') || !text.TryTakePair(out ulong address, out ulong length) || !text.IsAtEnd)
        {
            return Confirm(reply, false);
        }

        var stop = new ClientStop((ClientStopKind)kind, address, length);
        if (!isSet)
        {
            _stops.Remove(Debug, stop);
        }
        else if (!_stops.TryAdd(Debug, stop))
        {
            reply.Text(GdbError.TooMany);
            return PacketOutcome.Reply;
        }

        return Confirm(reply, true);
    }

    private static PacketOutcome Confirm(ReplyBuffer reply, bool isGood)
    {
        reply.Text(isGood ? "OK"u8 : GdbError.Invalid);
        return PacketOutcome.Reply;
    }

    private static void AppendRegister(ReplyBuffer reply, ulong value, int sizeBytes)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        reply.Hex(bytes[..sizeBytes]);
    }
}
