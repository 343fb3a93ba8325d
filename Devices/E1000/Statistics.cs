using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The statistics registers, kept where they are read. They count up to all ones and stay there; a load clears one, and
/// of a pair of 64 bits both when the high half is read (SDM "Statistics Registers").
/// </summary>
internal sealed class Statistics(RegisterFile<E1000Register> registers)
{
    /// <summary>Adds to a counter of 32 bits.</summary>
    public void Count(E1000Register counter, ulong by = 1)
    {
        ref ulong value = ref registers[counter];
        value = Math.Min(uint.MaxValue, value + by);
    }

    /// <summary>A frame has left the card, or been looped back.</summary>
    /// <param name="frame">From the destination address on.</param>
    /// <param name="wireLengthBytes">From the destination address to the frame check sequence, both included.</param>
    public void FrameTransmitted(ReadOnlySpan<byte> frame, int wireLengthBytes)
    {
        ulong length = (ulong)wireLengthBytes;
        Count(E1000Register.Tpt);
        Add(E1000Register.Totl, E1000Register.Toth, length);
        Count(E1000Register.Gptc);
        Add(E1000Register.Gotcl, E1000Register.Gotch, length);
        Count(E1000Register.Ptc64 + SizeClass(wireLengthBytes));
        CountByAddress(frame, E1000Register.Mptc, E1000Register.Bptc);
    }

    /// <summary>A good frame that passed the filters has arrived.</summary>
    /// <param name="frame">From the destination address on.</param>
    /// <param name="wireLengthBytes">From the destination address to the frame check sequence, both included.</param>
    /// <param name="isMissed">The packet buffer had no room: it counts in MPC and the totals only.</param>
    public void FrameReceived(ReadOnlySpan<byte> frame, int wireLengthBytes, bool isMissed)
    {
        ulong length = (ulong)wireLengthBytes;
        Count(E1000Register.Tpr);
        Add(E1000Register.Torl, E1000Register.Torh, length);
        if (isMissed)
        {
            Count(E1000Register.Mpc);
            return;
        }

        Count(E1000Register.Gprc);
        Add(E1000Register.Gorcl, E1000Register.Gorch, length);
        Count(E1000Register.Prc64 + SizeClass(wireLengthBytes));
        CountByAddress(frame, E1000Register.Mprc, E1000Register.Bprc);
    }

    /// <summary>Adds to a counter of 64 bits.</summary>
    public void Add(E1000Register low, E1000Register high, ulong by)
    {
        ulong before = registers[high] << 32 | registers[low];
        ulong after = before + by < before ? ulong.MaxValue : before + by;
        registers[low] = (uint)after;
        registers[high] = after >> 32;
    }

    private static int SizeClass(int wireLengthBytes) => wireLengthBytes switch
    {
        <= 64 => 0,
        <= 127 => 1,
        <= 255 => 2,
        <= 511 => 3,
        <= 1023 => 4,
        _ => 5,
    };

    private void CountByAddress(ReadOnlySpan<byte> frame, E1000Register multicast, E1000Register broadcast)
    {
        if (frame.Length < MacAddress.SizeBytes)
        {
            return;
        }

        var destination = MacAddress.Read(frame);
        if (destination == MacAddress.Broadcast)
        {
            Count(broadcast);
        }
        else if (destination.IsMulticast)
        {
            Count(multicast);
        }
    }
}
