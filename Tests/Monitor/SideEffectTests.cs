using System.Security.Cryptography;
using NUnit.Framework;
using RiscvXv6.Devices.Plic;
using RiscvXv6.Devices.Uart;
using RiscvXv6.Devices.Virtio;

namespace RiscvXv6.Tests.Monitor;

/// <summary>To ask changes nothing: a guest that was asked everything, again and again, is the one that was never asked.</summary>
public sealed class SideEffectTests
{
    private const ulong Interval = 300_000_000;
    private const int Intervals = 9;

    private static readonly string[] s_questions =
    [
        "info registers -a -c", "x/64xw $sp", "x/16i $pc", "x/8s $sp", "xp/32xb 0x10000000", "xp/64xw 0xc000000", "xp/8xw 0xc200000",
        "xp/64xw 0x10001000", "xp/64xw 0x40000000", "xp/16xw 0x400000c0", "xp/16xw 0x30008000", "xp/16xg 0x2000000", "xp/8xw 0x101000",
        "xp/4xw 0x3000000", "xp/2xw 0x100000", "print $pc + main * 2", "help", "help x", "info", "cpu 1", "cpu 0", "rubbish", "backtrace",
    ];

    [Test]
    public void A_guest_that_is_asked_everything_runs_as_one_that_is_not()
    {
        using var asked = new MonitoredGuest();
        using var left = new MonitoredGuest();
        string[] questions = [.. s_questions, .. asked.Monitor.Commands.Select(static command => command.Name).Where(IsQuestion)];
        Assert.That(questions, Has.Length.GreaterThan(35));
        for (int interval = 1; interval <= Intervals; interval++)
        {
            ulong until = Interval * (ulong)interval;
            foreach (var guest in new[] { asked, left })
            {
                guest.RunTo(until);
                if (interval == Intervals - 2)
                {
                    guest.Type("ls; ping 10.0.2.2\n");
                }
            }

            foreach (string question in questions)
            {
                Assert.That(asked.Ask(question), Is.Not.Empty.Or.EqualTo(""), question);
            }
        }

        Assert.That(asked.Console, Is.EqualTo(left.Console).And.Contain("10.0.2.2"));
        Assert.That(StateOf(asked), Is.EqualTo(StateOf(left)));
        foreach (string question in questions)
        {
            Assert.That(asked.Ask(question), Is.EqualTo(left.Ask(question)), question);
        }
    }

    /// <summary>The negative control: one load with its side effect is seen.</summary>
    [Test]
    public void A_load_that_clears_a_counter_of_the_card_is_seen()
    {
        const ulong goodPacketsReceived = 0x4000_4074;
        using var guest = new MonitoredGuest(harts: 1);
        guest.RunTo(MonitoredGuest.AtPrompt);
        string before = StateOf(guest);
        Assert.That(StateOf(guest), Is.EqualTo(before));
        guest.Machine.Bus.ReadDevice(goodPacketsReceived, 4, out ulong packets, out _);
        Assert.That(packets, Is.EqualTo(2), "a lease was offered and given");
        Assert.That(StateOf(guest), Is.Not.EqualTo(before));
    }

    private static bool IsQuestion(string name) => name.StartsWith("info ", StringComparison.Ordinal);

    /// <summary>Everything that can be told of a machine from outside, but what the harts cache.</summary>
    private static unsafe string StateOf(MonitoredGuest guest)
    {
        var machine = guest.Machine;
        using var hash = SHA256.Create();
        byte[] ram = new byte[128 << 20];
        machine.Harts[0].Ram.TryRead(machine.Harts[0].Ram.Range.Base, ram);
        var parts = new List<string>
        {
            $"{machine.Clock.NowCycles} {machine.RetiredInstructions} {machine.Scheduler.NextDeadlineCycles}",
            Convert.ToHexString(hash.ComputeHash(ram)),
        };
        foreach (var hart in machine.Harts)
        {
            parts.Add(Convert.ToHexString(new ReadOnlySpan<byte>(hart.State, sizeof(Emulator.Cpu.HartState))));
            parts.AddRange(hart.Contexts.Select(context => string.Join(' ', hart.CachedPages(context))));
        }

        foreach (var mapped in machine.Bus.Devices)
        {
            object? state = mapped.Device switch
            {
                Plic plic => plic.Save() is var (registers, claimed, levels)
                    ? string.Join(' ', registers.AsSpan().ToArray()) + string.Join(' ', claimed.AsSpan().ToArray()) + string.Join(' ', levels.AsSpan().ToArray())
                    : null,
                Uart uart => $"{uart.Save()} {string.Join(' ', uart.Save().Registers.AsSpan().ToArray())} {string.Join(' ', uart.Save().Received.AsSpan().ToArray())}",
                VirtioMmioTransport virtio => $"{virtio.Save()} {string.Join(' ', virtio.Save().Queues.AsSpan().ToArray().Select(static queue => queue.ToString()))}",
                _ => null,
            };
            parts.Add($"{mapped.Device.Name}: {state}");
        }

        parts.AddRange(machine.Nics.Select(static card => $"{card.Save()} {string.Join(' ', card.Save().Registers.AsSpan().ToArray())}"));
        return string.Join('\n', parts);
    }
}
