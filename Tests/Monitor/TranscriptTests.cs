using System.Text;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Monitor;

/// <summary>
/// What every command answers, on our own guest at fixed cycles. After a change of the guest or of a command:
/// <c>RISCVXV6_UPDATE_GOLDENS=1 dotnet test Tests --filter TranscriptTests</c>, and look at the difference.
/// </summary>
public sealed class TranscriptTests
{
    private static readonly string[] s_atPrompt =
    [
        "info mems", "info regs", "help x", "help info mem", "infoo", "help memm", "regs", "e1000", "xp", "info status", "info version",
        "info cpus", "cpu 1", "info cpus", "cpu 2", "cpu", "cpu 0",
        "info registers", "info registers 1 -c", "info registers -a", "info registers -z", "info registers 2",
        "info mem", "info tlb", "info mtree", "info qtree", "info network", "info block", "info uart", "info plic",
        "info e1000", "info e1000 1", "info e1000 -a",
        "x/4xw $pc", "x/4i $pc", "xp/8xg 0x80000000", "xp/3dw 0x80000000", "xp/3uh 0x80000000", "xp/5ob 0x80000000", "xp/9cb 0x80000000",
        "x/2s 0x8000e000", "x 0", "xp/2xw 0x100000000", "xp/4xw 0x87fffff8", "x/2i main", "x/2zw 0", "x/0xw 0", "xp/4xb 0x10000000",
        "p $pc", "p/d 6*7", "p/x -1", "p main+0x10", "p 1 +", "p (1", "p $nothing", "p nothing", "p sp", "p 1/0", "p 0x1ffffffffffffffff",
        "p/c 65", "p/o 8", "p ~0 >> 60 & 0xf | 1 ^ 2 % 3 << 2",
        "stop now", "step 0", "step x",
    ];

    [Test]
    public void Every_command_answers_as_before_on_our_guest_at_the_prompt()
    {
        using var guest = new MonitoredGuest();
        guest.RunTo(MonitoredGuest.AtPrompt);
        Assert.That(guest.Console, Does.EndWith("$ "));
        Compare("at-prompt.txt", guest, s_atPrompt);
    }

    [Test]
    public void The_card_is_drawn_while_the_guest_pings()
    {
        using var guest = new MonitoredGuest(harts: 1);
        guest.RunTo(MonitoredGuest.AtPrompt);
        guest.Type("ping 10.0.2.2\n");
        guest.RunTo(MonitoredGuest.AtPrompt + 100_000_000);
        Assert.That(guest.Console, Does.Contain("10.0.2.2"));
        Compare("while-pinging.txt", guest, ["info e1000", "info network", "info plic"]);
    }

    [Test]
    public void Help_and_info_list_every_command_with_its_arguments()
    {
        using var guest = new MonitoredGuest(harts: 1);
        string listed = guest.Ask("help") + guest.Ask("info");
        foreach (var command in guest.Monitor.Commands)
        {
            Assert.That(listed, Does.Contain($"\n{command.Name}").Or.StartWith(command.Name));
            Assert.That(guest.Ask($"help {command.Name}"), Does.Contain(command.Help).Or.Contain("info status"));
            Assert.That(command.Help, Does.Not.EndWith("."));
        }

        Assert.That(guest.Ask("?"), Is.EqualTo(guest.Ask("help")));
        Assert.That(listed.Split('\n'), Has.All.Length.LessThanOrEqualTo(120));
    }

    private static void Compare(string name, MonitoredGuest guest, IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (string line in lines)
        {
            text.Append($"{Emulator.Monitor.MachineMonitor.Prompt}{line}\n{guest.Ask(line)}");
        }

        string path = RepositoryFiles.PathOf("Tests", "Monitor", "Transcripts", name);
        if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text.ToString());
        }

        Assert.That(text.ToString(), Is.EqualTo(File.ReadAllText(path)), "run this test with RISCVXV6_UPDATE_GOLDENS=1");
    }
}
