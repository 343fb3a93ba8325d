using System.Text.Json;
using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// The report of a run whose times are known by arithmetic: a link's transfers, and the wire at 8 ns a byte.
/// </summary>
public sealed class NetReportTests
{
    private const ulong Fetch = 20 + 200 + 20 + 16;
    private const ulong Payload = 20 + 200 + 20 + 60;
    private const ulong WriteBack = 20 + 4;
    private const ulong Wire = (8 + 60 + 4 + 12) * 8;

    [Test]
    public void A_single_frame_s_stages_are_those_of_the_bus_and_the_wire()
    {
        using var driver = new E1000Driver();
        var recorder = new PacketRecorder(10);
        driver.Card.Journal.Observer = recorder;
        driver.SetUpTransmit();
        driver.Write(E1000Register.Ims, 1);
        ulong start = driver.Now;
        driver.Send(E1000Driver.Frame(60));
        driver.RunFor(10_000);

        var report = NetReport.Of(driver.Card, driver.Clock, recorder);
        var packet = report.Packets.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                packet,
                Is.EqualTo(new PacketReport(
                    "Transmit", 0, 60, start, start + Fetch + Payload + Wire, 0, Fetch, Payload, 0, Wire, WriteBack, 0, "None")));
            Assert.That(report.Transmit.Packets, Is.EqualTo(1));
            Assert.That(report.Transmit.Stages.Sum(stage => stage.Share), Is.EqualTo(1).Within(1e-9));
            Assert.That(report.Transfers.Single(transfer => transfer.Purpose == "TransmitPayload").Bytes, Is.EqualTo(60));
            Assert.That(report.BusUse.InboundCycles, Is.EqualTo(36 + 80));
            Assert.That(report.BusUse.OutboundCycles, Is.EqualTo(20 + 20 + 24));
        }
    }

    [Test]
    public void Time_that_a_packet_waits_is_in_the_stage_in_which_it_waits()
    {
        using var driver = new E1000Driver();
        var recorder = new PacketRecorder(10);
        driver.Card.Journal.Observer = recorder;
        driver.SetUpTransmit(control: 0);
        driver.Queue(E1000Driver.Frame(60));
        driver.Queue(E1000Driver.Frame(60));
        driver.RingTransmit();

        // The transmitter is off for 5000 cycles; the second frame waits for the first one's payload, and then for its
        // wire.
        driver.RunFor(5_000);
        driver.Write(E1000Register.Tctl, E1000Driver.TransmitControl);
        driver.RunFor(10_000);
        var report = NetReport.Of(driver.Card, driver.Clock, recorder);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Packets.Select(packet => packet.Queue), Is.EqualTo(new ulong[] { 5_000, 5_000 + Payload }));
            Assert.That(report.Packets.Select(packet => packet.Fifo), Is.EqualTo(new ulong[] { 0, Wire - Payload }));
        }
    }

    // Every cycle from the store to TDT to the gap's end is in one of these five stages.
    [Test]
    public void The_stages_up_to_the_wire_add_up_to_the_packet_s_time()
    {
        using var driver = new E1000Driver();
        var recorder = new PacketRecorder(100);
        driver.Card.Journal.Observer = recorder;
        driver.SetUpTransmit(count: 64);
        for (int index = 0; index < 60; index++)
        {
            driver.Send(E1000Driver.Frame(60 + 20 * index, index));
            driver.RunFor((ulong)(index * 37));
        }

        driver.RunFor(1_000_000);
        driver.Card.Journal.Flush();
        Assert.That(recorder.Records, Has.Count.EqualTo(60));
        foreach (var record in recorder.Records)
        {
            var stages = record.Stages;
            Assert.That(
                stages.Queue + stages.DescriptorFetch + stages.PayloadDma + stages.Fifo + stages.Wire,
                Is.EqualTo(record.LastCycle - record.FirstCycle));
        }
    }

    [Test]
    public void Rates_are_over_the_time_from_the_first_packet_to_the_last()
    {
        using var driver = new E1000Driver();
        driver.RunFor(1_000_000);
        driver.SetUpTransmit(count: 256);
        for (int index = 0; index < 250; index++)
        {
            driver.Queue(E1000Driver.Frame(60, index));
        }

        driver.RingTransmit();
        driver.RunFor(1_000_000);
        var report = NetReport.Of(driver.Card, driver.Clock).Transmit;
        Assert.That(report.PacketsPerSecond, Is.EqualTo(1_488_095).Within(2).Percent);
        Assert.That(report.MegabitsPerSecond, Is.EqualTo(report.PacketsPerSecond * 60 * 8 / 1e6).Within(1e-6));
    }

    [Test]
    public void Register_accesses_cost_the_harts_their_stalls()
    {
        using var driver = new E1000Driver();
        var before = NetReport.Of(driver.Card, driver.Clock).Registers;
        driver.Read(E1000Register.Status);
        driver.Read(E1000Register.Tdh);
        driver.Write(E1000Register.Tdt, 0);
        var after = NetReport.Of(driver.Card, driver.Clock).Registers;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.Reads - before.Reads, Is.EqualTo(2));
            Assert.That(after.Writes - before.Writes, Is.EqualTo(1));
            Assert.That(after.ReadStallCycles - before.ReadStallCycles, Is.EqualTo(2 * (20 + 200 + 24)));
            Assert.That(after.WriteStallCycles - before.WriteStallCycles, Is.EqualTo(24));
        }
    }

    [Test]
    public void A_report_is_plain_JSON()
    {
        using var driver = new E1000Driver();
        driver.SetUpTransmit();
        driver.Send(E1000Driver.Frame(60));
        driver.Queue(E1000Driver.Frame(60));
        driver.Memory.TryWriteUInt64(E1000Driver.TransmitDescriptor(1), 0x1000);
        driver.RingTransmit();
        driver.RunFor(10_000);
        string json = JsonSerializer.Serialize(NetReport.Of(driver.Card, driver.Clock));
        var transmit = JsonDocument.Parse(json).RootElement.GetProperty("Transmit");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(transmit.GetProperty("Packets").GetUInt64(), Is.EqualTo(1));
            Assert.That(transmit.GetProperty("Stages")[4].GetProperty("Stage").GetString(), Is.EqualTo("Wire"));
            Assert.That(transmit.GetProperty("Stages")[4].GetProperty("Cycles").GetUInt64(), Is.EqualTo(Wire));
            Assert.That(transmit.GetProperty("Drops")[0].GetProperty("Reason").GetString(), Is.EqualTo("DmaFault"));
        }
    }
}
