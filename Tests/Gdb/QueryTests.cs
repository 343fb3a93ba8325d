using System.Text;
using System.Xml.Linq;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Gdb;

/// <summary>Harts as threads, and the monitor. GDB "General Query Packets".</summary>
internal sealed class QueryTests
{
    [TestCase(1, "m01")]
    [TestCase(3, "m01,02,03")]
    [TestCase(8, "m01,02,03,04,05,06,07,08")]
    public void Harts_are_threads_from_1_on(int harts, string list)
    {
        using var guest = new GdbGuest(harts);
        using var client = guest.Connect();
        Assert.That(client.Ask("qfThreadInfo"), Is.EqualTo(list));
        Assert.That(client.Ask("qsThreadInfo"), Is.EqualTo("l"));
        Assert.That(client.Ask($"T{harts:x}"), Is.EqualTo("OK"));
        Assert.That(client.Ask($"T{harts + 1:x}"), Does.StartWith("E"));
        Assert.That(client.Ask("Hg0"), Is.EqualTo("OK"), "any");
        Assert.That(client.Ask("Hc-1"), Is.EqualTo("OK"), "all");
        Assert.That(client.Ask("Hgp1.1"), Is.EqualTo("OK"), "with a process");
        Assert.That(client.Ask("qC"), Is.EqualTo("QC01"));
        Assert.That(client.Ask("qAttached"), Is.EqualTo("1"));
    }

    [Test]
    public void A_hart_is_described()
    {
        // Hart 0 waits; hart 1 goes to U-mode and stays there.
        var program = new Program();
        program.ReadCsr(5, 0xf14).Branch("bne", 5, 0, "user").Add("wfi").Label("user")
            .Constant(6, 0x1f).WriteCsr(0x3a0, 6).Constant(6, ulong.MaxValue >> 10).WriteCsr(0x3b0, 6)
            .Address(6, "loop").WriteCsr(0x341, 6).Constant(6, 0x1800).Add("csrrc", rs1: 6, immediate: 0x300).Add("mret")
            .Label("loop").Jump("loop");
        using var guest = new GdbGuest(harts: 2, program: program);
        using var client = guest.Connect();
        Assert.That(Extra(client, 1), Is.EqualTo("hart 0, M-mode"));
        client.Send("c");
        guest.Debugged.WaitUntil(static machine => machine.Clock.NowCycles > 30_000);
        client.Ask("vCont;t");
        Assert.That(Extra(client, 1), Is.EqualTo("hart 0, M-mode, waiting (wfi)"));
        Assert.That(Extra(client, 2), Is.EqualTo("hart 1, U-mode"));

        string list = client.Ask("qXfer:threads:read::0,fff");
        var threads = XDocument.Parse(list[1..]).Root!.Elements("thread").ToArray();
        Assert.That(list[0], Is.EqualTo('l'));
        Assert.That(
            threads.Select(static thread => (thread.Attribute("id")!.Value, thread.Attribute("name")!.Value, thread.Value)),
            Is.EqualTo(new[] { ("01", "hart 0", "M-mode, waiting (wfi)"), ("02", "hart 1", "U-mode") }));
    }

    [Test]
    public void A_line_for_the_monitor_goes_there_and_its_answer_comes_back()
    {
        string? line = null;
        using var guest = new GdbGuest(monitor: (text, output) =>
        {
            line = text;
            output.WriteLine("two");
            output.WriteLine("lines");
        });
        using var client = guest.Connect();
        Assert.That(Text(client.Ask("qRcmd," + Digits("info registers"))), Is.EqualTo("two\nlines\n"));
        Assert.That(client.Receive(), Is.EqualTo("OK"));
        Assert.That(line, Is.EqualTo("info registers"));
    }

    [Test]
    public void A_long_answer_of_the_monitor_comes_in_pieces_and_an_endless_one_is_cut()
    {
        using var guest = new GdbGuest(monitor: static (_, output) => output.Write(new string('x', 3 << 20)));
        using var client = guest.Connect();
        client.Send("qRcmd," + Digits("x"));
        int length = 0;
        for (string packet; (packet = client.Receive()) != "OK";)
        {
            length += Text(packet).Length;
        }

        Assert.That(length, Is.EqualTo(1 << 20));
    }

    [Test]
    public void The_monitor_may_let_the_machine_go_and_halt_it()
    {
        using var guest = new GdbGuest(monitor: null);
        using var client = guest.Connect();
        Assert.That(client.Ask("qRcmd," + Digits("help")), Is.Empty, "without a monitor the packet is unknown");
        guest.Debugged.Ask(static machine =>
        {
            machine.Debug.Resume();
            return true;
        });
        client.Ask("qC");
        Assert.That(guest.Debugged.IsHalted, Is.False, "whoever let it go");
        client.Send("c");
        guest.Debugged.Ask(static machine =>
        {
            machine.Debug.Halt();
            return true;
        });
        Assert.That(client.Receive(), Is.EqualTo("T02thread:01;"), "the client waits for a stop, whoever makes it");
    }

    private static string Extra(GdbClient client, int thread) => Encoding.ASCII.GetString(GdbClient.Bytes(client.Ask($"qThreadExtraInfo,{thread:x}")));

    private static string Digits(string text) => Convert.ToHexString(Encoding.ASCII.GetBytes(text));

    /// <summary>What an O packet prints.</summary>
    private static string Text(string packet)
    {
        Assert.That(packet, Does.StartWith("O"));
        return Encoding.ASCII.GetString(GdbClient.Bytes(packet[1..]));
    }
}
