using NUnit.Framework;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Scripts;

namespace RiscvXv6.Tests.Scripts;

/// <summary>A script's verdict, transcript and cycles are the same whatever the host does meanwhile.</summary>
internal sealed class ScriptDeterminismTests
{
    private const string Script = """
        machine:
          kernel: xv6-guest-image/image/kernel.elf
          disk: xv6-guest-image/image/fs.img
          net: user
        matrix:
          harts: [1, 3]
          hart-seed: [1, 2]
        reject: panic
        steps:
          - run: ifconfig dhcp
            expect: DHCP
          - run: ping -c 2 10.0.2.2
          - net faults: drop=30%
          - run: nettest -c 20 loss
          - send: usertests -w 10
          - power cut at write: 30
          - boot
          - wait for: {regex: '^init: .*$'}
          - run: usertests -v
            expect: "crash: ok"
          - wait for: never
            within: 300ms
        """;

    private static IReadOnlyList<ScriptResult>? s_alone;

    /// <summary>As the cases go when nothing disturbs them.</summary>
    private static IReadOnlyList<ScriptResult> Alone => s_alone ??= [.. ScriptFile.Read(Script).Select(static test => ScriptFile.Run(test).Result!)];

    [Test]
    public void Runs_side_by_side_on_a_loaded_host_go_as_one_alone()
    {
        using var stop = new CancellationTokenSource();
        Thread[] load = [.. Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Thread.SpinWait(1000);
            }
        }))];
        Array.ForEach(load, static thread => thread.Start());
        var together = new ScriptResult[Alone.Count];
        Parallel.ForEach(ScriptFile.Read(Script).Index(), test => together[test.Index] = ScriptFile.Run(test.Item).Result!);
        stop.Cancel();
        Array.ForEach(load, static thread => thread.Join());
        Assert.That(together, Is.EqualTo(Alone));
    }

    [Test]
    public void A_thread_that_the_host_holds_up_changes_nothing()
    {
        var test = ScriptFile.Read(Script)[^1];
        var setup = MachineFiles.Load(test.Options, static _ => { });
        NetworkBuilder? network = null;
        var slow = new ScriptMachine(
            setup with { Disks = setup.Disks.ToDictionary(static disk => disk.Key, IBlockBackend (disk) => new SlowDisk(disk.Value)) },
            _ => (network = new NetworkBuilder(test.Options.Network, test.Options.RtcBaseNanoseconds, test.Faults)).Nics,
            new HostWallClock())
        {
            ChooseFaults = stage => network!.Faults!.Choose(stage),
        };

        // Nobody looks into this machine: that changes nothing either.
        var unseen = Alone[^1] with { Failure = Alone[^1].Failure! with { Machine = "", Findings = "" } };
        Assert.That(ScriptRunner.Run(test.Case, slow, CancellationToken.None), Is.EqualTo(unseen));
    }

    /// <summary>The control: what the guest does differently shows.</summary>
    [Test]
    public void Another_order_of_the_harts_is_another_run()
    {
        Assert.That(Alone.Select(static result => result.Cycles).Distinct().Count(), Is.EqualTo(3), "one hart has but one order");
        Assert.That(Alone.Select(static result => result.Failure!.Message).Distinct(), Has.Exactly(1).EqualTo("'never' was not printed: 300 ms of guest time are over"));
    }

    /// <summary>A disk whose host sleeps now and then.</summary>
    private sealed class SlowDisk(IBlockBackend disk) : IBlockBackend
    {
        private int _calls;

        public ulong CapacitySectors => disk.CapacitySectors;

        public bool IsReadOnly => disk.IsReadOnly;

        public bool Read(ulong sector, Span<byte> destination)
        {
            Delay();
            return disk.Read(sector, destination);
        }

        public bool Write(ulong sector, ReadOnlySpan<byte> source)
        {
            Delay();
            return disk.Write(sector, source);
        }

        public bool Flush() => disk.Flush();

        private void Delay()
        {
            if (_calls++ % 20 == 0)
            {
                Thread.Sleep(10);
            }
        }
    }
}
