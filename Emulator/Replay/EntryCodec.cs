using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Replay;

/// <summary>Entries as bytes: a header with the place, then what the kind of event has to say. A new kind of event is a case in each method.</summary>
internal static class EntryCodec
{
    private const int NameMaxBytes = byte.MaxValue;
    private const byte NoReason = byte.MaxValue;
    private const int AddressBytes = 8;
    private const int ValueBytes = 1 + 2 + 8;
    private const int CsrNumberMax = 0xfff;

    public static void Write(IBufferWriter<byte> output, in HostEventRecord record)
    {
        var (cycle, retired, happened) = record;
        switch (happened)
        {
            case HostEvent.Mark:
                WriteHeader(output, RecordEntry.Mark, cycle, retired, 0);
                break;
            case HostEvent.ConsoleInput input:
                WriteInput(output, cycle, retired, input.Bytes.Span);
                break;
            case HostEvent.ConsoleBreak:
                WriteHeader(output, RecordEntry.ConsoleBreak, cycle, retired, 0);
                break;
            case HostEvent.ConsoleClosed:
                WriteHeader(output, RecordEntry.ConsoleClosed, cycle, retired, 0);
                break;
            case HostEvent.ChannelMessage message:
                WriteMessage(output, cycle, retired, message);
                break;
            case HostEvent.Stop stop:
                WriteHeader(output, RecordEntry.Stop, cycle, retired, 1);
                output.Write([(byte)stop.Reason]);
                break;
            case HostEvent.MemoryWrite write:
                WriteMemory(output, cycle, retired, write.Address, write.Bytes.Span);
                break;
            case HostEvent.RegisterWrite write:
                WriteValue(output, RecordEntry.RegisterWrite, cycle, retired, write.Hart, (int)write.Register, write.Value);
                break;
            case HostEvent.CsrWrite write:
                WriteValue(output, RecordEntry.CsrWrite, cycle, retired, write.Hart, write.Number, write.Value);
                break;
            case HostEvent.StepOutOfTurn step:
                WriteHeader(output, RecordEntry.StepOutOfTurn, cycle, retired, 1);
                output.Write([(byte)step.Hart]);
                break;
            case HostEvent.Reset:
                WriteHeader(output, RecordEntry.Reset, cycle, retired, 0);
                break;
            case HostEvent.PowerDown:
                WriteHeader(output, RecordEntry.PowerDown, cycle, retired, 0);
                break;
            default:
                throw new InvalidOperationException($"{happened.GetType().Name} has no place in the record");
        }
    }

    public static void Write(IBufferWriter<byte> output, RunEnding ending)
    {
        WriteHeader(output, RecordEntry.End, ending.Cycle, ending.Retired, 6);
        Span<byte> contents = stackalloc byte[6];
        contents[0] = (byte)ending.Kind;
        BinaryPrimitives.WriteInt32LittleEndian(contents[1..], ending.Code);
        contents[5] = ending.Reason is { } reason ? (byte)reason : NoReason;
        output.Write(contents);
    }

    /// <summary>Reads what an entry says, but for <see cref="RecordEntry.End"/>.</summary>
    /// <returns>Null if it is no event.</returns>
    public static HostEvent? Read(RecordEntry kind, ReadOnlyMemory<byte> contents) => kind switch
    {
        RecordEntry.Mark when contents.IsEmpty => new HostEvent.Mark(),
        RecordEntry.ConsoleInput when !contents.IsEmpty => new HostEvent.ConsoleInput(contents),
        RecordEntry.ConsoleBreak when contents.IsEmpty => new HostEvent.ConsoleBreak(),
        RecordEntry.ConsoleClosed when contents.IsEmpty => new HostEvent.ConsoleClosed(),
        RecordEntry.ChannelMessage => ReadMessage(contents),
        RecordEntry.Stop when contents.Length == 1 && ReadReason(contents.Span[0]) is { } reason => new HostEvent.Stop(reason),
        RecordEntry.MemoryWrite when contents.Length > AddressBytes => new HostEvent.MemoryWrite(
            BinaryPrimitives.ReadUInt64LittleEndian(contents.Span), contents[AddressBytes..]),
        RecordEntry.RegisterWrite when ReadValue(contents.Span, (int)HartRegister.Privilege) is var (hart, register, value) =>
            new HostEvent.RegisterWrite(hart, (HartRegister)register, value),
        RecordEntry.CsrWrite when ReadValue(contents.Span, CsrNumberMax) is var (hart, number, value) =>
            new HostEvent.CsrWrite(hart, number, value),
        RecordEntry.StepOutOfTurn when contents.Length == 1 => new HostEvent.StepOutOfTurn(contents.Span[0]),
        RecordEntry.Reset when contents.IsEmpty => new HostEvent.Reset(),
        RecordEntry.PowerDown when contents.IsEmpty => new HostEvent.PowerDown(),
        _ => null,
    };

    /// <summary>Reads <see cref="RecordEntry.End"/>.</summary>
    /// <returns>Null if it is none.</returns>
    public static RunEnding? ReadEnding(ulong cycle, ulong retired, ReadOnlySpan<byte> contents)
    {
        if (contents.Length != 6 || contents[0] > (byte)MachineExitKind.MachineError)
        {
            return null;
        }

        var kind = (MachineExitKind)contents[0];
        var reason = ReadReason(contents[5]);
        bool isSound = kind == MachineExitKind.StopRequested ? reason is not null : contents[5] == NoReason;
        return isSound
            ? new RunEnding(cycle, retired, kind, BinaryPrimitives.ReadInt32LittleEndian(contents[1..]), reason)
            : null;
    }

    private static void WriteHeader(IBufferWriter<byte> output, RecordEntry kind, ulong cycle, ulong retired, int lengthBytes)
    {
        Span<byte> header = stackalloc byte[RecordFormat.EntryHeaderBytes];
        header[0] = (byte)kind;
        BinaryPrimitives.WriteUInt64LittleEndian(header[1..], cycle);
        BinaryPrimitives.WriteUInt64LittleEndian(header[9..], retired);
        BinaryPrimitives.WriteInt32LittleEndian(header[17..], lengthBytes);
        output.Write(header);
    }

    /// <summary>More than an entry holds is the same as two inputs in a row.</summary>
    private static void WriteInput(IBufferWriter<byte> output, ulong cycle, ulong retired, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, RecordFormat.EntryMaxBytes)];
            WriteHeader(output, RecordEntry.ConsoleInput, cycle, retired, part.Length);
            output.Write(part);
            bytes = bytes[part.Length..];
        }
    }

    private static void WriteMemory(IBufferWriter<byte> output, ulong cycle, ulong retired, ulong address, ReadOnlySpan<byte> bytes)
    {
        Span<byte> addressBytes = stackalloc byte[AddressBytes];
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, RecordFormat.EntryMaxBytes - AddressBytes)];
            WriteHeader(output, RecordEntry.MemoryWrite, cycle, retired, AddressBytes + part.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(addressBytes, address);
            output.Write(addressBytes);
            output.Write(part);
            address += (ulong)part.Length;
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>A hart, a number and its new value.</summary>
    private static void WriteValue(
        IBufferWriter<byte> output, RecordEntry kind, ulong cycle, ulong retired, int hart, int number, ulong value)
    {
        WriteHeader(output, kind, cycle, retired, ValueBytes);
        Span<byte> contents = stackalloc byte[ValueBytes];
        contents[0] = (byte)hart;
        BinaryPrimitives.WriteUInt16LittleEndian(contents[1..], (ushort)number);
        BinaryPrimitives.WriteUInt64LittleEndian(contents[3..], value);
        output.Write(contents);
    }

    private static (int Hart, int Number, ulong Value)? ReadValue(ReadOnlySpan<byte> contents, int numberMax)
    {
        if (contents.Length != ValueBytes || BinaryPrimitives.ReadUInt16LittleEndian(contents[1..]) is var number && number > numberMax)
        {
            return null;
        }

        return (contents[0], number, BinaryPrimitives.ReadUInt64LittleEndian(contents[3..]));
    }

    private static void WriteMessage(IBufferWriter<byte> output, ulong cycle, ulong retired, HostEvent.ChannelMessage message)
    {
        byte[] name = Encoding.UTF8.GetBytes(message.Channel);
        int lengthBytes = 1 + name.Length + message.Bytes.Length;
        if (name.Length > NameMaxBytes || lengthBytes > RecordFormat.EntryMaxBytes)
        {
            throw new InvalidOperationException($"a message of {message.Bytes.Length} bytes for {message.Channel} is more than a record holds");
        }

        WriteHeader(output, RecordEntry.ChannelMessage, cycle, retired, lengthBytes);
        output.Write([(byte)name.Length]);
        output.Write(name);
        output.Write(message.Bytes.Span);
    }

    private static HostEvent.ChannelMessage? ReadMessage(ReadOnlyMemory<byte> contents)
    {
        if (contents.IsEmpty || contents.Length < 1 + contents.Span[0])
        {
            return null;
        }

        int nameEnd = 1 + contents.Span[0];
        return new HostEvent.ChannelMessage(Encoding.UTF8.GetString(contents.Span[1..nameEnd]), contents[nameEnd..]);
    }

    private static StopReason? ReadReason(byte value) => value <= (byte)StopReason.Limit ? (StopReason)value : null;
}
