using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Xv6.Network;

/// <summary>The guest's network on this machine's card and on QEMU's, with a host of our own at the other end of the wire.</summary>
/// <param name="isQemu">Whose card it is.</param>
[TestFixture(false)]
[TestFixture(true, Category = "Qemu")]
public sealed class NetworkTests(bool isQemu)
{
    private const string Prompt = "$ ";

    [Test]
    public void Every_test_of_nettest_passes()
    {
        using var host = new WireHost();
        string output = Run(host, harts: 3, new Step("nettest all", "tests ok"));
        Assert.That(output, Does.Match("all [0-9]+ tests ok").And.Not.Contain("FAILED"));
    }

    [Test]
    public void The_courses_tests_pass_on_one_hart_and_on_eight([Values(1, 8)] int harts)
    {
        using var host = new WireHost();
        Run(host, harts, new Step("nettest grade multi burst", "all 9 tests ok"));
    }

    [Test]
    public void Nothing_that_is_damaged_on_the_way_arrives()
    {
        using var host = new WireHost { DamagePercent = 20 };
        Run(host, harts: 3, new Step("nettest -c 300 loss", "all 1 tests ok"));
    }

    [Test]
    public void A_network_that_loses_a_tenth_is_usable()
    {
        using var host = new WireHost { LossPercent = 10 };
        Run(
            host,
            harts: 3,
            new Step("nettest loss", "all 1 tests ok"),
            new Step("host alias.example", "www.example has address 10.1.2.3\n"));
    }

    [Test]
    public void What_the_host_sends_first_arrives_in_order_and_a_flood_on_one_port_leaves_another_alone()
    {
        using var host = new WireHost();
        Run(
            host,
            harts: 3,
            new Step("nettest -c 10 rx &\nsleep 5\nsendpkt udp 10.0.2.2 9000 rx 10", "all 1 tests ok"),
            new Step("nettest -c 5 rx2 &\nsleep 5\nsendpkt udp 10.0.2.2 9000 rx2 5", "all 1 tests ok"),
            new Step("nettest rxburst &\nsleep 5\nsendpkt udp 10.0.2.2 9000 rxburst", "all 1 tests ok"));
    }

    [Test]
    public void The_host_finds_and_pings_the_guest_and_sees_its_frames_as_they_were_built()
    {
        using var host = new WireHost();
        Run(
            host,
            harts: 3,
            new Step("sendpkt udp 10.0.2.2 9000 ask", "sent"),
            new Step("sendpkt eth 52:55:0a:00:02:02 88b5 de:ad be-ef", "sent 18 bytes"),
            new Step("ping -c 2 10.0.2.77", "2 answered"),
            new Step("ifconfig", "10.0.2.42/24 gateway 10.0.2.2 dns 10.0.2.3 (DHCP, 5"));

        // The driver sets TCTL.PSP, so a card pads; QEMU's does not.
        string frame = "52550A00020252540012345688B5DEADBEEF".PadRight(isQemu ? 0 : 120, '0');
        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.ArpAnswers, Is.EqualTo(1));
            Assert.That(host.EchoAnswers, Is.EqualTo(1));
            Assert.That(host.OtherFrames.Select(Convert.ToHexString), Is.EqualTo(new[] { frame }));
        }
    }

    [Test]
    public void Garbage_on_the_wire_harms_nobody([Values(1, 2, 3)] int seed)
    {
        using var host = new WireHost(seed);
        Run(
            host,
            harts: 3,
            new Step("free", Prompt),
            new Step("sendpkt udp 10.0.2.2 9000 garbage 3000", "sent"),
            new Step("sleep 10", Prompt),
            new Step("nettest ping1 multi", "all 2 tests ok"));
    }

    /// <summary>A line that is typed, and what has then to appear.</summary>
    private sealed record Step(string Line, string Answer);

    /// <summary>Waits for the lease first. All of the host's complaints are the guest's faults.</summary>
    private string Run(WireHost host, int harts, params Step[] steps)
    {
        var script = new List<Typing> { new(Prompt, "ifconfig dhcp\n") };
        string after = "DHCP, ";
        foreach (var step in steps)
        {
            script.Add(new Typing(after, step.Line + "\n"));
            after = step.Answer;
        }

        script.Add(new Typing(after, "halt\n"));
        IGuestPlatform platform = isQemu ? new QemuPlatform() : new MachinePlatform();
        var run = platform.Run(new GuestRequest(ImageFile("kernel.elf"))
        {
            Harts = harts,
            LegacyVirtio = false,
            Disks = [File.ReadAllBytes(ImageFile("fs.img"))],
            NetworkOptions = $"-netdev socket,id=wire,connect=127.0.0.1:{host.Port} -device e1000,netdev=wire,bus=pcie.0",
            Script = script,
            LimitGuestSeconds = 600,
            LimitHostSeconds = 120,
        });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Output, Does.Not.Contain("panic"));
            Assert.That(run.ExitCode, Is.Zero, $"an answer is missing:\n{run.Output}");
            Assert.That(host.Complaints, Is.Empty);
        }

        return run.Output;
    }

    private static string ImageFile(string name) =>
        Requirement.File([RepositoryFiles.PathOf("xv6-guest-image", "image", name)], "make guest");
}
