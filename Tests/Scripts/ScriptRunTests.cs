using NUnit.Framework;
using RiscvXv6.Emulator.Scripts;

namespace RiscvXv6.Tests.Scripts;

/// <summary>What each kind of step does to our guest, and when it fails.</summary>
internal sealed class ScriptRunTests
{
    [Test]
    public void Commands_are_typed_at_the_prompt_and_their_output_is_looked_at()
    {
        var result = Passes("""
            - run: echo one
              expect: {regex: '^one$'}
              reject: two
            - run: echo two
              expect: [two, {regex: 't.o'}]
            - expect: two
            - send: echo three
            - wait for: three
            - expect: three
            """);
        Assert.That(result.Transcript, Does.Contain("$ echo one\none\n$ echo two\ntwo\n$ echo three\n"));
    }

    [Test]
    public void What_was_typed_is_not_taken_for_output()
    {
        Fails("- run: true hello\n  expect: hello", ScriptFailureKind.NotExpected, "expected 'hello'; the last command printed nothing");
        Fails("- wait for: '$ '\n- send: true hello\n- wait for: hello\n  within: 2s", ScriptFailureKind.NotSeen, "'hello' was not printed");
        Passes("- run: echo $ and $ again\n  expect: $ and $ again\n- run: 'echo a\"$ \"'");
    }

    [Test]
    public void Keys_are_typed_as_they_are()
    {
        var result = Passes("""
            - wait for: "$ "
            - send raw: "rubbish\x15echo ab\x7fc\n"
            - wait for: "ac\n"
            - run: sleep 1 & wait; echo over
              expect: over
            """);
        Assert.That(result.Transcript, Does.Contain("\nac\n"));
    }

    [Test]
    public void A_guest_that_says_nothing_more_fails_after_guest_time()
    {
        var failure = Fails("- wait for: no such thing\n  within: 2s", ScriptFailureKind.NotSeen, "'no such thing' was not printed: 2 s of guest time are over");
        Assert.That((failure.Place.Line, failure.Place.Column, failure.Step), Is.EqualTo((4, 3, "wait for 'no such thing'")));
    }

    [Test]
    public void A_regular_expression_waits_for_a_whole_line_or_for_silence()
    {
        Passes("- wait for: {regex: '^\\$ $'}\n- send: echo 1; echo 12\n- wait for: {regex: '^\\d$'}\n- wait for: {regex: '^(\\d+)$'}");
        Fails("- wait for: '$ '\n- send: echo 12\n- wait for: {regex: '^\\d$'}\n  within: 1s", ScriptFailureKind.NotSeen, "/^\\d$/ was not printed");
    }

    [Test]
    public void What_is_rejected_fails_wherever_it_appears()
    {
        Fails("- run: echo a\n- reject: [x, bad]\n- run: echo b\n- run: sleep 1; echo bad; sleep 1", ScriptFailureKind.Rejected, "the guest printed 'bad'");
        Fails("- run: echo ok\n- run: echo bad", ScriptFailureKind.Rejected, "the guest printed /b.d/", "reject: {regex: b.d}");
        Fails("- run: echo bad\n  reject: bad", ScriptFailureKind.Rejected, "the command's output has 'bad'");
        Passes("- run: echo bad\n- reject: bad\n- run: echo good");
    }

    [Test]
    public void The_guests_end_is_waited_for_and_told_from_another()
    {
        Passes("- wait for: '$ '\n- send: halt\n- exit code: 0");
        Passes("- wait for: '$ '\n- send: halt 7\n- exit code: 7");
        Fails("- wait for: '$ '\n- send: halt 7\n- exit code: 0", ScriptFailureKind.Ended, "the guest ended with code 7, not 0");
        Fails("- run: halt 3", ScriptFailureKind.Ended, "the prompt '$ ' did not come: the guest ended with code 3");
        Fails("- exit code: 0\n  within: 1s", ScriptFailureKind.NotSeen, "the guest did not end: 1 s of guest time are over");
    }

    [Test]
    public void A_machine_that_is_off_does_nothing_until_it_is_booted()
    {
        Fails("- wait for: '$ '\n- send: halt\n- exit code: 0\n- run: ls", ScriptFailureKind.Impossible, "the machine is off; boot it first");
        Fails("- boot", ScriptFailureKind.Impossible, "the machine is on; cut its power, or wait for its exit code, first");
        Passes("- power cut at time: 1ms\n- boot\n- run: ls");
    }

    [Test]
    public void What_was_written_before_a_cut_is_there_and_what_came_after_is_not()
    {
        Passes("""
            - run: echo kept > a
            - power cut at output: "$ "
              within: 1s
            """.Replace("- power", "- send: echo\n- power"));
        var result = Passes("""
            - run: echo kept > a
            - send: echo lost > b
            - power cut at write: 1
            - boot
            - run: cat a
              expect: kept
            - run: cat b
              reject: lost
            - check disk: sound
            """);
        Assert.That(result.Transcript, Does.Contain("[power cut at write 1]\n[boot 2]\nxv6 "));
    }

    [Test]
    public void A_cut_at_a_write_that_does_not_come_fails() => Fails(
        "- run: ls\n- send: echo x > f\n- power cut at write: 1000\n  within: 1s",
        ScriptFailureKind.NotSeen,
        "1 s of guest time are over");

    [Test]
    public void Steps_are_repeated()
    {
        var result = Passes("- repeat: 3\n  steps:\n  - run: echo x >> f\n  - repeat: 2\n    steps: [{run: cat f}]\n");
        Assert.That(result.Transcript.Split("$ cat f").Length - 1, Is.EqualTo(6));
    }

    [Test]
    public void Time_passes_while_nothing_is_done() =>
        Assert.That(Passes("- wait: 3s\n- wait: 500us").GuestNanoseconds, Is.InRange(3_000_500_000UL, 3_001_000_000UL));

    [Test]
    public void The_hosts_time_is_a_net_of_its_own()
    {
        var test = ScriptFile.Read(ScriptFile.Machine + "steps:\n- run: usertests\n  within: 600s, host 1s\n").Single();
        Assert.That(ScriptFile.Run(test).Failure?.Kind, Is.EqualTo(ScriptFailureKind.HostTime));
    }

    [Test]
    public void Somebody_may_interrupt()
    {
        using var cancellation = new CancellationTokenSource(200);
        var test = ScriptFile.Read(ScriptFile.Machine + "steps:\n- run: usertests\n  within: 600s\n").Single();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var outcome = new Emulator.Cli.Scripts.GuestTestRunner(test, null).Run(cancellation.Token);
        Assert.That((outcome.IsIncomplete, outcome.Failure), Is.EqualTo((true, (ScriptFailure?)null)));
        Assert.That(watch.Elapsed.TotalSeconds, Is.LessThan(20));
    }

    [Test]
    public void A_disk_that_is_damaged_is_noticed()
    {
        string image = Path.GetTempFileName();
        byte[] bytes = Xv6.Xv6Guest.Disk();
        Array.Clear(bytes, 1024, 4);
        File.WriteAllBytes(image, bytes);
        Passes("- check disk: clean");
        var test = ScriptFile.Read($"machine: {{kernel: xv6-guest-image/image/kernel.elf, disk: {image}}}\nsteps: [{{check disk: sound}}]\n").Single();
        Assert.That(ScriptFile.Run(test).Failure?.Message, Does.StartWith("disk 0: "));
        File.Delete(image);
    }

    [Test]
    public void A_script_never_changes_an_image_and_keeps_what_it_is_told_to_keep()
    {
        string folder = Directory.CreateTempSubdirectory("riscvxv6-script-").FullName;
        string image = Path.Combine(folder, "fs.img"), kept = Path.Combine(folder, "kept.img");
        File.WriteAllBytes(image, Xv6.Xv6Guest.Disk());
        var test = ScriptFile.Read($"""
            machine:
              kernel: xv6-guest-image/image/kernel.elf
              disk:
              - file: {image}
                keep: {kept}
            steps:
            - run: echo hello > new
            """).Single();
        Assert.That(ScriptFile.Run(test).Passed, Is.True);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.ReadAllBytes(image), Is.EqualTo(Xv6.Xv6Guest.Disk()));
            Assert.That(File.ReadAllBytes(kept), Is.Not.EqualTo(Xv6.Xv6Guest.Disk()));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void Networks_are_closed_unless_they_are_opened_and_go_wrong_when_told_to()
    {
        const string Net = "machine: {kernel: xv6-guest-image/image/kernel.elf, disk: xv6-guest-image/image/fs.img, net: user}\n";
        var test = ScriptFile.Read(Net + """
            steps:
            - run: ping -c 1 10.0.2.2
              expect: 1 answered
            - net faults: drop=100%
            - run: ping -c 1 10.0.2.2
              expect: 0 answered
            - net faults: none
            - run: ping -c 1 10.0.2.2
              expect: 1 answered
            """).Single();
        Assert.That(test.Options.Network.ReachesHost, Is.False);
        var outcome = ScriptFile.Run(test);
        Assert.That(outcome.Failure?.Message, Is.Null);
        Assert.That(
            ScriptFile.Read(Net.Replace("user", "'user,restrict=off'") + "steps: [boot]\n").Single().Options.Network.ReachesHost, Is.True);
    }

    [Test]
    public void The_script_sends_datagrams_to_the_guest_and_sees_its_answers_without_a_port_of_the_host()
    {
        const string Net = "machine: {kernel: xv6-guest-image/image/kernel.elf, disk: xv6-guest-image/image/fs.img, net: 'user,hostfwd=udp::5555-:7'}\n";
        using var taken = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 5555));
        var test = ScriptFile.Read(Net + """
            steps:
            - run: udpecho 7 &
            - net send: hello
              port: 5555
            - net send: "two \x01\n lines"
              port: 5555
            - net answer: hello
            - net answer: {regex: '^ lines$'}
            - run: echo over
            """).Single();
        Assert.That(test.ReachesHost, Is.False);
        var outcome = ScriptFile.Run(test);
        Assert.That(outcome.Failure?.Message, Is.Null, outcome.Result?.Transcript);
        Assert.That(outcome.Result, Is.EqualTo(ScriptFile.Run(test).Result), "every run is the same");

        string Fails(string steps) => ScriptFile.Run(ScriptFile.Read(Net + "steps:\n" + steps).Single()).Failure!.Message;
        Assert.That(Fails("- net send: x\n  port: 5556"), Does.StartWith("no closed network forwards udp port 5556; write net: user,hostfwd="));
        Assert.That(
            Fails("- run: udpecho 7 &\n- net send: x\n  port: 5555\n- net answer: y\n  within: 1s"),
            Is.EqualTo("'y' was not answered, but 'x\\n': 1 s of guest time are over"));
    }

    [Test]
    public void A_matrix_runs_every_combination_and_the_command_line_chooses()
    {
        const string Script = ScriptFile.Machine + "matrix: {harts: [1, 3], word: [a, b]}\nsteps: [{run: 'echo ${word}', expect: '${word}'}]\n";
        Assert.That(
            ScriptFile.Read(Script).Select(static test => test.Case.Name),
            Is.EqualTo(new[] { "test [harts=1 word=a]", "test [harts=1 word=b]", "test [harts=3 word=a]", "test [harts=3 word=b]" }));
        Assert.That(ScriptFile.Read(Script).Select(static test => test.Options.Harts), Is.EqualTo(new[] { 1, 1, 3, 3 }));
        var chosen = ScriptFile.Read(Script, new("word", ["c d"]), new("hart-seed", ["5", "6"]), new("harts", ["2"]));
        Assert.That(
            chosen.Select(static test => (test.Case.Name, test.Options.Harts, test.Options.QuantumSeed)),
            Is.EqualTo(new (string, int, ulong?)[] { ("test [harts=2 word=c d hart-seed=5]", 2, 5), ("test [harts=2 word=c d hart-seed=6]", 2, 6) }));
        Assert.That(
            chosen[0].Command,
            Is.EqualTo($"riscvxv6 test {ScriptFile.Path} --set harts=2 --set 'word=c d' --set hart-seed=5"));
    }

    private static ScriptResult Passes(string steps)
    {
        var outcome = ScriptFile.Run(steps);
        Assert.That(outcome.Failure, Is.Null, $"{outcome.Failure?.Message}\n{outcome.Result?.Transcript}");
        return outcome.Result!;
    }

    private static ScriptFailure Fails(string steps, ScriptFailureKind kind, string message, string top = "")
    {
        var failure = ScriptFile.Run(steps, top).Failure;
        Assert.That((failure?.Kind, failure?.Message), Is.EqualTo((kind, failure?.Message)));
        Assert.That(failure!.Message, Does.Contain(message));
        return failure;
    }
}
