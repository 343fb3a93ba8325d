using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Monitor;
using RiscvXv6.Tests.Support;
using RiscvXv6.Tests.Xv6;

namespace RiscvXv6.Tests.Diagnostics;

/// <summary>Back traces of our kernel as gdb has them, which goes by DWARF's call frame information rather than by the code.</summary>
[TestFixture]
internal sealed partial class BackTraceTests
{
    /// <summary>Functions, and how many of their instructions have been executed: entries, prologues, functions that call none.</summary>
    private static readonly (string Function, int Instructions)[] Places =
    [
        ("spin_acquire", 0), ("spin_acquire", 1), ("spin_acquire", 3), ("spin_acquire", 6), ("this_hart", 0), ("hart_id", 0), ("hart_id", 2),
        ("hart_id", 3), ("spin_release", 0), ("swtch", 0), ("proc_switch", 0), ("kernel_trap", 0), ("kernel_trap", 4), ("serve_interrupt", 0),
        ("memmove", 0), ("memset", 1), ("memset", 2), ("page_free", 0), ("vm_walk", 0), ("vm_walk", 1), ("proc_wake", 0), ("sys_read", 0),
        ("user_trap", 0), ("user_trap", 5), ("copy_out", 0), ("console_write", 0),
    ];

    [Test]
    public void A_back_trace_has_the_functions_that_gdb_finds([Values(1, 3)] int harts)
    {
        string gdb = Requirement.Tool("gdb-multiarch", "gdb-multiarch");
        using var machine = Boot(harts, "cat README | wc; ls | grep a | wc; echo a > f; rm f");
        var monitor = new MachineMonitor(machine.Machine, machine.Programs);
        using var debugged = new DebuggedMachine(machine.Machine, isHalted: true, (line, output) =>
        {
            output.WriteLine("@@");
            monitor.Execute(line, output);
        });
        List<string> script =
        [
            "-nx", "-batch", "-ex", "set pagination off", "-ex", "set confirm off", "-ex", "set width 0", "-ex", "set backtrace limit 40",
            "-ex", $"file {Xv6Guest.Kernel}", "-ex", $"target remote 127.0.0.1:{debugged.Port}",
        ];
        foreach (var (function, instructions) in Places)
        {
            script.AddRange(["-ex", "echo @@\\n", "-ex", $"tbreak *0x{AddressOf(machine, function, instructions):x}", "-ex", "continue", "-ex", "bt",
                "-ex", "eval \"monitor backtrace %d\", $_thread - 1"]);
        }

        // gdb sends what the monitor says to its standard error.
        var run = ScriptedProcess.Run(gdb, [.. script, "-ex", "kill"], [], limitHostSeconds: 100);
        string[] gdbs = run.Output.Split("@@\n")[1..];
        string[] ours = string.Join('\n', run.Notices).Split("@@\n")[1..];
        int frames = 0;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(gdbs, Has.Length.EqualTo(Places.Length), run.Output);
            Assert.That(ours, Has.Length.EqualTo(Places.Length), run.Output);
            foreach (var (theirs, own) in gdbs.Zip(ours))
            {
                // gdb knows no way out of assembly code that traps come to, and takes a process's first function for called.
                var expected = FunctionsOf(theirs, machine);
                int boundary = expected.FindIndex(static name => name is "kernel_vector" or "user_vector" or "first_start" or "user_trap");
                expected = boundary < 0 ? expected : expected[..(boundary + 1)];
                Assert.That(Names(OurFrame(), own).Take(expected.Count), Is.EqualTo(expected), $"{theirs}\n{own}");
                frames += expected.Count;
            }
        }

        Assert.That(frames, Is.GreaterThan(3 * Places.Length), "traces of some depth");
    }

    [Test]
    public void A_trace_goes_through_an_interrupt_of_the_kernel_and_out_to_the_users_program()
    {
        using var machine = Boot(1, "grind 3");
        var seen = new HashSet<string>();
        using var debugged = new DebuggedMachine(machine.Machine, isHalted: true);
        ulong handler = AddressOf(machine, "serve_interrupt", 0);
        debugged.Ask(running =>
        {
            running.Debug.AddBreakpoint(handler);
            return 0;
        });
        for (int stop = 0; stop < 1000 && seen.Count < 2; stop++)
        {
            debugged.Ask(static running =>
            {
                running.Debug.Resume();
                return 0;
            });
            debugged.WaitUntil(static running => running.Debug.IsHalted);
            string text = debugged.Ask(_ => machine.Ask("backtrace"));
            if (text.Contains(" user_trap+", StringComparison.Ordinal) && text.Contains(" kernel_vector+", StringComparison.Ordinal))
            {
                seen.Add(text);
            }
        }

        Assert.That(seen, Has.Count.EqualTo(2), "interrupts came while system calls were under way");
        foreach (string text in seen)
        {
            string[] lines = text.TrimEnd().Split('\n');
            int vector = Array.FindIndex(lines, static line => line.Contains(" kernel_vector+", StringComparison.Ordinal));
            int trap = Array.FindIndex(lines, static line => line.Contains(" user_trap+", StringComparison.Ordinal));
            using (Assert.EnterMultipleScope())
            {
                Assert.That(vector, Is.LessThan(trap), text);
                Assert.That(lines[vector + 1], Does.Match(@"^#\d+ \w+(\+0x[0-9a-f]+)? \(kernel/"), "what was interrupted");
                Assert.That(lines[^1], Does.Contain(": start+"), "the program's first function");
            }
        }
    }

    private static ulong AddressOf(DiagnosedMachine machine, string function, int instructions)
    {
        Assert.That(machine.Programs.Kernel!.Symbols.TryFindAddress(function, out ulong address), Is.True, function);
        for (; instructions > 0; instructions--)
        {
            machine.Machine.Bus.Peek(address, 4, out ulong encoding);
            address += Decoder.Decode((uint)encoding).LengthBytes;
        }

        return address;
    }

    private static DiagnosedMachine Boot(int harts, string line) => new(new GuestRequest(Xv6Guest.Kernel)
    {
        Harts = harts,
        LegacyVirtio = false,
        Disks = [Xv6Guest.Disk()],
        Script = [.. Enumerable.Repeat(new Typing(Xv6Guest.Prompt, line + "\n"), 50)],
    });

    /// <summary>
    /// gdb shows more than there is on the stack. Functions that were compiled into others are frames of their own, from the innermost
    /// out: those behind the first have no address, and the last is the function that really is there. And it guesses who jumped to a
    /// function at its own end, which is no call.
    /// </summary>
    private static List<string> FunctionsOf(string trace, DiagnosedMachine machine)
    {
        var names = new List<string>();
        bool isGuess = false;
        foreach (Match match in GdbFrame().Matches(trace))
        {
            bool isInline = names.Count > 0 && !match.Groups["address"].Success;
            if (isInline && !isGuess)
            {
                names.RemoveAt(names.Count - 1);
            }

            isGuess = isInline ? isGuess : names.Count > 0 && !IsBehindCall(machine, match.Groups["address"].Value);
            if (!isGuess)
            {
                names.Add(match.Groups["name"].Value);
            }
        }

        return names;
    }

    private static bool IsBehindCall(DiagnosedMachine machine, string address)
    {
        ulong pc = ulong.Parse(address[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        foreach (ulong length in (ulong[])[4, 2])
        {
            machine.Machine.Bus.Peek(pc - length, (int)length, out ulong encoding);
            var instruction = Decoder.Decode((uint)encoding);
            if (instruction.LengthBytes == (int)length && instruction is { Operation: Operation.Jal or Operation.Jalr, Rd: 1 })
            {
                return true;
            }
        }

        return false;
    }

    private static List<string> Names(Regex frame, string text) =>
        [.. frame.Matches(text).Select(static match => match.Groups["name"].Value)];

    [GeneratedRegex(@"^#\d+ +((?<address>0x[0-9a-f]+) in )?(?<name>[\w?]+)", RegexOptions.Multiline)]
    private static partial Regex GdbFrame();

    [GeneratedRegex(@"^#\d+ (?<name>\w+)(\+0x|$| )", RegexOptions.Multiline)]
    private static partial Regex OurFrame();
}
