using NUnit.Framework;
using RiscvXv6.Emulator.Cli.Terminal;

namespace RiscvXv6.Tests.Cli;

internal sealed class ConsoleWriterTests
{
    [Test]
    public void Everything_arrives_in_order_however_slow_the_reader_is()
    {
        var got = new List<byte>();
        using var writer = new ConsoleWriter(
            bytes =>
            {
                got.AddRange(bytes);
                Thread.Sleep(1); // the slow reader itself
                return WriteStatus.Done;
            },
            _ => { });
        var expected = new byte[300_000];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = (byte)(i * 7);
            writer.Write(expected[i]);
        }

        Assert.That(writer.Drain(-1), Is.True);
        Assert.That(got, Is.EqualTo(expected));
    }

    [Test]
    public void A_byte_is_seen_without_a_flush()
    {
        using var seen = new ManualResetEventSlim();
        using var writer = new ConsoleWriter(
            _ =>
            {
                seen.Set();
                return WriteStatus.Done;
            },
            _ => { });
        writer.Write((byte)'x');
        Assert.That(seen.Wait(TimeSpan.FromSeconds(30)), Is.True);
    }

    [TestCase(nameof(WriteStatus.Closed))]
    [TestCase(nameof(WriteStatus.Failed))]
    public void An_output_that_ended_is_told_once_and_holds_nobody_up(string name)
    {
        var status = Enum.Parse<WriteStatus>(name);
        var told = new List<WriteStatus>();
        using var writer = new ConsoleWriter(_ => status, told.Add);
        for (int i = 0; i < 1_000_000; i++)
        {
            writer.Write((byte)'x');
        }

        Assert.That(writer.Drain(-1), Is.True);
        Assert.That(() => told, Is.EqualTo(new[] { status }).After(10_000, 10));
    }

    [Test]
    public void A_stuck_reader_does_not_hold_up_the_end()
    {
        using var release = new ManualResetEventSlim();
        using var writer = new ConsoleWriter(
            _ =>
            {
                release.Wait();
                return WriteStatus.Done;
            },
            _ => { });
        writer.Write((byte)'x');
        Assert.That(writer.Drain(50), Is.False);
        release.Set();
        Assert.That(writer.Drain(-1), Is.True);
    }
}
