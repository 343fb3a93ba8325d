using System.Text;
using RiscvXv6.Emulator.Cpu;

namespace RiscvXv6.Emulator.Gdb;

/// <content>What can be asked and set by name.</content>
internal sealed unsafe partial class GdbStub
{
    /// <summary>The longest line for the monitor, in characters.</summary>
    private const int MaxMonitorLine = 4096;

    /// <summary>What a command of the monitor may write, in characters; the rest is cut off.</summary>
    private const int MaxMonitorText = 1 << 20;

    /// <summary>Characters of the monitor's text in one packet.</summary>
    private const int MonitorPacketCharacters = 4096;

    private PacketOutcome Query(ref PacketText text, ReplyBuffer reply)
    {
        if (text.TryTake("Supported"u8))
        {
            return TellFeatures(ref text, reply);
        }

        if (text.TryTake("Xfer:features:read:target.xml:"u8))
        {
            return SendPart(ref text, reply, TargetDescription.Xml.Span);
        }

        if (text.TryTake("Xfer:features:read:"u8))
        {
            // There is no other document.
            reply.Text("E00"u8);
            return PacketOutcome.Reply;
        }

        if (text.TryTake("Xfer:threads:read::"u8))
        {
            return SendPart(ref text, reply, Encoding.ASCII.GetBytes(ThreadList()));
        }

        if (text.TryTake("ThreadExtraInfo,"u8))
        {
            if (!ThreadSelection.TryTake(ref text, HartCount, out var selection) || !selection.IsOne || !text.IsAtEnd)
            {
                return Confirm(reply, false);
            }

            reply.Hex(Encoding.ASCII.GetBytes($"hart {selection.Hart}, {Condition(selection.Hart)}"));
            return PacketOutcome.Reply;
        }

        if (text.TryTake("Search:memory:"u8))
        {
            return BeginSearch(ref text, reply);
        }

        if (text.TryTake("Rcmd,"u8))
        {
            return Command(ref text, reply);
        }

        if (IsAll(text, "fThreadInfo"u8))
        {
            reply.Text("m"u8);
            for (int hart = 0; hart < HartCount; hart++)
            {
                reply.Text(hart == 0 ? ""u8 : ","u8).Text(ThreadSelection.NameOf(hart));
            }
        }
        else if (IsAll(text, "sThreadInfo"u8))
        {
            reply.Text("l"u8);
        }
        else if (IsAll(text, "C"u8))
        {
            reply.Text("QC"u8).Text(ThreadSelection.NameOf(_generalHart));
        }
        else if (IsAll(text, "Attached"u8) || text.TryTake("Attached:"u8))
        {
            // The machine was there before the client: to leave it is not to end it.
            reply.Text("1"u8);
        }
        else if (IsAll(text, "qemu.PhyMemMode"u8))
        {
            reply.Text(_addressesArePhysical ? "1"u8 : "0"u8);
        }
        else if (IsAll(text, "qemu.Supported"u8))
        {
            reply.Text("PhyMemMode"u8);
        }

        return PacketOutcome.Reply;
    }

    private PacketOutcome Set(ref PacketText text, ReplyBuffer reply)
    {
        if (IsAll(text, "StartNoAckMode"u8))
        {
            HasNoAcknowledgements = true;
            return Confirm(reply, true);
        }

        if (text.TryTake("qemu.PhyMemMode:"u8))
        {
            bool isGood = text.TryTakeNumber(out ulong value) && text.IsAtEnd && value <= 1;
            _addressesArePhysical = isGood ? value == 1 : _addressesArePhysical;
            return Confirm(reply, isGood);
        }

        return PacketOutcome.Reply;
    }

    private PacketOutcome TellFeatures(ref PacketText text, ReplyBuffer reply)
    {
        if (text.TryTake(':'))
        {
            while (!text.IsAtEnd)
            {
                var feature = text.TakeUntil((byte)';');
                _wantsSoftwareStops |= feature.SequenceEqual("swbreak+"u8);
                _wantsHardwareStops |= feature.SequenceEqual("hwbreak+"u8);
            }
        }

        reply.Text("PacketSize="u8).Number(PacketReader.MaxContentBytes)
            .Text(";QStartNoAckMode+;qXfer:features:read+;qXfer:threads:read+;vContSupported+;swbreak+;hwbreak+;binary-upload+"u8);
        return PacketOutcome.Reply;
    }

    /// <summary>A piece of a document: offset and length are in the packet.</summary>
    private static PacketOutcome SendPart(ref PacketText text, ReplyBuffer reply, ReadOnlySpan<byte> document)
    {
        if (!text.TryTakePair(out ulong offset, out ulong length) || !text.IsAtEnd || offset > (ulong)document.Length)
        {
            return Confirm(reply, false);
        }

        var rest = document[(int)offset..];
        int taken = (int)Math.Min(length, (ulong)Math.Min(rest.Length, MaxReadBytes));
        reply.Text(taken == rest.Length ? "l"u8 : "m"u8).Binary(rest[..taken]);
        return PacketOutcome.Reply;
    }

    private string ThreadList()
    {
        var xml = new StringBuilder("<?xml version=\"1.0\"?>\n<threads>\n");
        for (int hart = 0; hart < HartCount; hart++)
        {
            xml.Append($"<thread id=\"{ThreadSelection.NameOf(hart)}\" name=\"hart {hart}\">{Condition(hart)}</thread>\n");
        }

        return xml.Append("</threads>\n").ToString();
    }

    private string Condition(int hart)
    {
        var state = machine.Harts[hart].State;
        string mode = state->Privilege switch
        {
            PrivilegeMode.User => "U-mode",
            PrivilegeMode.Supervisor => "S-mode",
            _ => "M-mode",
        };
        return state->Waiting ? $"{mode}, waiting (wfi)" : mode;
    }

    /// <summary>A line for the monitor, in hexadecimal. What it answers goes out in packets that the client prints at once.</summary>
    private PacketOutcome Command(ref PacketText text, ReplyBuffer reply)
    {
        byte[] line = new byte[Math.Min(text.Rest.Length / 2, MaxMonitorLine)];
        if (!text.TryTakeBytes(line) || !text.IsAtEnd)
        {
            return Confirm(reply, false);
        }

        if (monitor is null)
        {
            return PacketOutcome.Reply;
        }

        var output = new StringWriter { NewLine = "\n" };
        monitor(Encoding.Latin1.GetString(line), output);
        var written = output.GetStringBuilder();
        written.Length = Math.Min(written.Length, MaxMonitorText);
        for (int start = 0; start < written.Length; start += MonitorPacketCharacters)
        {
            int count = Math.Min(MonitorPacketCharacters, written.Length - start);
            reply.Text("O"u8).Hex(Encoding.ASCII.GetBytes(written.ToString(start, count))).End();
        }

        return Confirm(reply, true);
    }

    private static bool IsAll(PacketText text, ReadOnlySpan<byte> expected) => text.Rest.SequenceEqual(expected);
}
