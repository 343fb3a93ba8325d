using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Which frames the card keeps: test statement 10 of its reference, and the rules of SDM "Packet Address Filtering".
/// </summary>
public sealed class ReceiveFilterTests
{
    private const byte PassedInexactFilter = 0x80;

    private static readonly MacAddress Station = E1000Options.DefaultMac;
    private static readonly MacAddress Other = new(0x0202_0304_0506);
    private static readonly MacAddress Group = new(0x01aa_0012_3456);

    [Test]
    public void The_station_s_address_comes_from_the_eeprom_and_others_are_not_kept()
    {
        using var bench = Started();
        Assert.That(IsKept(bench, Station), Is.True);
        Assert.That(IsKept(bench, Other), Is.False);
        Assert.That(IsKept(bench, Group), Is.False);
        Assert.That(bench.Read(E1000Offset.Gprc), Is.EqualTo(1));
    }

    [Test]
    public void Each_of_the_sixteen_entries_counts_while_it_is_valid()
    {
        using var bench = Started();
        for (uint entry = 0; entry < 16; entry++)
        {
            var address = new MacAddress(0x0200_0000_0100ul + entry);
            SetEntry(bench, entry, address, high: 0);
            Assert.That(IsKept(bench, address), Is.False, $"entry {entry} without AV");
            SetEntry(bench, entry, address, high: 1u << 31);
            Assert.That(IsKept(bench, address), Is.True, $"entry {entry}");
        }

        // Every entry is still there, and the one that held the station's address is another's now.
        Assert.That(IsKept(bench, new MacAddress(0x0200_0000_0100)), Is.True);
        Assert.That(IsKept(bench, Station), Is.False);
    }

    [Test]
    public void An_entry_with_as_1_is_compared_with_the_source_address()
    {
        using var bench = Started();
        SetEntry(bench, 5, new MacAddress(0x5255_0a00_0202), high: 1u << 31 | 1u << 16);
        Assert.That(IsKept(bench, Other), Is.True);
        SetEntry(bench, 5, Other, high: 1u << 31 | 1u << 16);
        Assert.That(IsKept(bench, Other), Is.False);
    }

    [Test]
    public void Unicast_promiscuous_keeps_unicast_only()
    {
        using var bench = Started(ReceiveBench.Enable | ReceiveBench.StripCrc | ReceiveBench.UnicastPromiscuous);
        Assert.That(IsKept(bench, Other), Is.True);
        Assert.That(IsKept(bench, Group), Is.False);
        Assert.That(IsKept(bench, MacAddress.Broadcast), Is.False);
    }

    [Test]
    public void Multicast_promiscuous_keeps_groups_and_broadcasts_only()
    {
        using var bench = Started(ReceiveBench.Enable | ReceiveBench.StripCrc | ReceiveBench.MulticastPromiscuous);
        Assert.That(IsKept(bench, Other), Is.False);
        Assert.That(IsKept(bench, Group), Is.True);
        Assert.That(IsKept(bench, MacAddress.Broadcast), Is.True);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Broadcasts_are_kept_with_bam(bool isAccepted)
    {
        using var bench = Started(
            ReceiveBench.Enable | ReceiveBench.StripCrc | (isAccepted ? ReceiveBench.Broadcast : 0));
        Assert.That(IsKept(bench, MacAddress.Broadcast), Is.EqualTo(isAccepted));
        Assert.That(IsKept(bench, Group), Is.False);
        Assert.That(bench.Read(E1000Offset.Bprc), Is.EqualTo(isAccepted ? 1 : 0));
    }

    /// <summary>
    /// The hashes are those that Linux's driver computes for this address: bits 47:36, 46:35, 45:34 and 43:32 of it.
    /// </summary>
    [TestCase(0u, 0x563)]
    [TestCase(1u, 0xac6)]
    [TestCase(2u, 0x58d)]
    [TestCase(3u, 0x634)]
    public void One_bit_of_the_multicast_table_lets_a_group_in_for_each_offset(uint offset, int hash)
    {
        using var bench = Started(ReceiveBench.Enable | ReceiveBench.StripCrc | offset << 12);
        for (int row = 0; row < 128; row++)
        {
            bench.Write(E1000Offset.Mta + 4 * (uint)row, row == hash >> 5 ? ~(1u << (hash & 31)) : uint.MaxValue);
        }

        Assert.That(IsKept(bench, Group), Is.False, "all bits but its own");
        for (int row = 0; row < 128; row++)
        {
            bench.Write(E1000Offset.Mta + 4 * (uint)row, row == hash >> 5 ? 1u << (hash & 31) : 0);
        }

        Assert.That(IsKept(bench, Group), Is.True, "its own bit only");
        Assert.That(IsKept(bench, new MacAddress(Group.Value ^ 0x1000)), Is.False, "another group");
        Assert.That(IsKept(bench, new MacAddress(Group.Value & ~(1ul << 40))), Is.False, "no group");
        Assert.That(bench.Read(E1000Offset.Mprc), Is.EqualTo(1));
    }

    [Test]
    public void Pif_marks_what_only_the_hash_let_in()
    {
        using var bench = Started();
        bench.Write(E1000Offset.Mta + 4 * (0x563 >> 5), 1u << (0x563 & 31));
        bench.Receive(ReceiveBench.Frame(60, Group));
        Assert.That(bench.Take()!.Status & PassedInexactFilter, Is.EqualTo(PassedInexactFilter));

        SetEntry(bench, 1, Group, high: 1u << 31);
        bench.Receive(ReceiveBench.Frame(60, Group));
        Assert.That(bench.Take()!.Status & PassedInexactFilter, Is.Zero, "an exact match as well");

        SetEntry(bench, 1, Group, high: 0);
        bench.Write(E1000Offset.Rctl, ReceiveBench.UsualControl | ReceiveBench.MulticastPromiscuous);
        bench.Receive(ReceiveBench.Frame(60, Group));
        Assert.That(bench.Take()!.Status & PassedInexactFilter, Is.Zero, "promiscuous");

        bench.Receive(ReceiveBench.Frame(60, Station));
        Assert.That(bench.Take()!.Status & PassedInexactFilter, Is.Zero, "the station's own");
    }

    [Test]
    public void The_filter_agrees_with_a_slow_reading_of_the_manual_for_random_registers_and_addresses()
    {
        var random = new Random(4);
        using var bench = Started();
        bench.Memory.IsSilent = true;
        int kept = 0;
        for (int trial = 0; trial < 2_000; trial++)
        {
            uint control = ReceiveBench.Enable | ReceiveBench.StripCrc | (uint)random.Next(4) << 12
                | (random.Next(4) == 0 ? ReceiveBench.UnicastPromiscuous : 0)
                | (random.Next(4) == 0 ? ReceiveBench.MulticastPromiscuous : 0)
                | (random.Next(2) == 0 ? ReceiveBench.Broadcast : 0);
            bench.Write(E1000Offset.Rctl, control);
            bench.Write(E1000Offset.Mta + 4 * (uint)random.Next(128), (uint)random.NextInt64());
            SetEntry(
                bench,
                (uint)random.Next(16),
                SmallAddress(random),
                (uint)random.Next(2) << 31 | (uint)random.Next(4) << 16);
            var destination = random.Next(8) == 0 ? MacAddress.Broadcast : SmallAddress(random);
            var source = SmallAddress(random);
            bool isWanted = IsWanted(bench, control, destination, source);
            kept += isWanted ? 1 : 0;
            Assert.That(
                IsKept(bench, destination, source), Is.EqualTo(isWanted), $"trial {trial}: {destination} from {source}");
        }

        Assert.That(kept, Is.InRange(500, 1_500));
    }

    /// <summary>Addresses from a small set, so that they meet.</summary>
    private static MacAddress SmallAddress(Random random) =>
        new((ulong)random.NextInt64(2) << 40 | 0x0200_0000_0000ul
            | (ulong)random.NextInt64(3) << 8 | (ulong)random.NextInt64(3));

    private static bool IsWanted(ReceiveBench bench, uint control, MacAddress destination, MacAddress source)
    {
        for (uint entry = 0; entry < 16; entry++)
        {
            uint low = bench.Read(E1000Offset.Ral + 8 * entry);
            uint high = bench.Read(E1000Offset.Rah + 8 * entry);
            var compared = (high >> 16 & 3) switch
            {
                0 => destination,
                1 => source,
                _ => default(MacAddress?),
            };
            if (high >> 31 == 1 && compared is { } address && Bytes(address).SequenceEqual(
                [(byte)low, (byte)(low >> 8), (byte)(low >> 16), (byte)(low >> 24), (byte)high, (byte)(high >> 8)]))
            {
                return true;
            }
        }

        var bytes = Bytes(destination);
        if ((bytes[0] & 1) == 0)
        {
            return (control & ReceiveBench.UnicastPromiscuous) != 0;
        }

        if (destination == MacAddress.Broadcast && (control & ReceiveBench.Broadcast) != 0)
        {
            return true;
        }

        int hash = (control >> 12 & 3) switch
        {
            0 => bytes[4] >> 4 | bytes[5] << 4,
            1 => bytes[4] >> 3 | bytes[5] << 5,
            2 => bytes[4] >> 2 | bytes[5] << 6,
            _ => bytes[4] | bytes[5] << 8,
        };
        hash &= 0xfff;
        return (control & ReceiveBench.MulticastPromiscuous) != 0
            || (bench.Read(E1000Offset.Mta + 4 * (uint)(hash >> 5)) >> (hash & 31) & 1) != 0;
    }

    private static byte[] Bytes(MacAddress address)
    {
        var bytes = new byte[6];
        address.Write(bytes);
        return bytes;
    }

    private static ReceiveBench Started(uint control = ReceiveBench.UsualControl)
    {
        var bench = new ReceiveBench();
        bench.StartReceiver(control: control);
        return bench;
    }

    private static void SetEntry(ReceiveBench bench, uint entry, MacAddress address, uint high)
    {
        var bytes = Bytes(address);
        bench.Write(E1000Offset.Ral + 8 * entry, BitConverter.ToUInt32(bytes));
        bench.Write(E1000Offset.Rah + 8 * entry, high | BitConverter.ToUInt16(bytes, 4));
    }

    private static bool IsKept(ReceiveBench bench, MacAddress destination, MacAddress? source = null)
    {
        var frame = ReceiveBench.Frame(60, destination);
        source?.Write(frame.AsSpan(6));
        bench.Deliver(frame);
        bench.Run(5_000);
        return bench.TakeAll().Count == 1;
    }
}
