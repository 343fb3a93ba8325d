using System.Diagnostics;
using NUnit.Framework;
using RiscvXv6.Emulator.Cli;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cli;

/// <summary>The program as its callers see it: what it prints, where, and its exit code.</summary>
internal sealed class ProgramTests
{
    private static readonly string Demo = RepositoryFiles.PathOf("Tests", "Guests", "demo", "demo.elf");
    private static readonly string DemoDisk = RepositoryFiles.PathOf("Tests", "Guests", "demo", "demo.img");

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("riscvxv6-cli-").FullName;

    [TearDown]
    public void DropFolder() => Directory.Delete(_folder, recursive: true);

    // xv6 2025, Makefile: --version | head -1 | sed 's/^QEMU emulator version \([0-9]\+\.[0-9]\+\)\..*/\1/' must be 7.2 or more.
    [Test]
    public void The_version_is_one_that_xv6s_Makefile_accepts()
    {
        var watch = Stopwatch.StartNew();
        var result = BuiltProgram.Run("--version");
        TestContext.Out.WriteLine($"--version took {watch.ElapsedMilliseconds} ms, JIT and process start included");
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.Zero);
            Assert.That(
                result.Output.Split('\n')[0],
                Is.EqualTo("QEMU emulator version 9.2.0 (command-line compatible; RiscvXv6 0.1.0)"));
        });
    }

    /// <summary>Some trees of 2019 were written for a QEMU that loaded no firmware unless it was told to.</summary>
    [Test]
    public void A_kernel_in_the_firmwares_place_is_started_without_unless_firmware_was_asked_for()
    {
        string kernel = RepositoryFiles.PathOf("Tests", "Guests", "built", "finisher-fail-code.elf");
        var result = BuiltProgram.Run("-machine", "virt", "-nographic", "-kernel", kernel);
        var asked = BuiltProgram.Run("-machine", "virt", "-nographic", "-kernel", kernel, "-bios", "default");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Error, Does.Contain("as by -bios none"));
            Assert.That(result.ExitCode, Is.EqualTo(BuiltProgram.Run("-bios", "none", "-nographic", "-kernel", kernel).ExitCode).And.Not.Zero);
            Assert.That(asked.ExitCode, Is.EqualTo(ExitCode.BadCommandLine));
            Assert.That(asked.Error, Does.Contain("overlap"));
        }
    }

    [Test]
    public void The_version_is_the_assemblys() =>
        Assert.That(typeof(VersionText).Assembly.GetName().Version!.ToString(3), Is.EqualTo(VersionText.Version));

    // xv6, Makefile: GDBPORT: $(QEMU) -help | grep -q '^-gdb'
    [Test]
    public void Help_has_the_line_that_xv6s_Makefile_greps() =>
        Assert.That(BuiltProgram.Run("-help").Output.Split('\n'), Has.Some.StartsWith("-gdb"));

    [Test]
    public void Nothing_at_all_gets_short_help_on_standard_error()
    {
        var result = BuiltProgram.Run();
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Error, Does.StartWith("usage: riscvxv6 run KERNEL"));
    }

    [Test]
    public void A_missing_kernel_is_one_line()
    {
        var result = BuiltProgram.Run("-machine", "virt", "-bios", "none", "-kernel", "kernel/kernel");
        Assert.That(result, Is.EqualTo(new ProgramResult(
            2, "", "riscvxv6: -kernel: kernel/kernel: no such file (build it first, or check the path)\n")));
    }

    [Test]
    public void An_empty_kernel_is_refused()
    {
        string kernel = Path.Combine(_folder, "kernel");
        File.WriteAllText(kernel, "");
        AssertRefused(BuiltProgram.Run("run", kernel), "-kernel: " + kernel);
    }

    [Test]
    public void A_kernel_of_another_architecture_is_refused()
    {
        byte[] elf = File.ReadAllBytes(Demo);
        elf[18] = 62; // e_machine: x86-64
        string kernel = Path.Combine(_folder, "kernel");
        File.WriteAllBytes(kernel, elf);
        AssertRefused(BuiltProgram.Run("run", kernel), "-kernel: " + kernel);
    }

    [Test]
    public void A_kernel_outside_RAM_is_refused() =>
        AssertRefused(BuiltProgram.Run("-bios", "none", "-kernel", LinkedHigh(), "-m", "64"), "outside RAM");

    [Test]
    public void A_disk_that_is_not_whole_sectors_is_refused()
    {
        string disk = Path.Combine(_folder, "fs.img");
        File.WriteAllBytes(disk, new byte[1000]);
        AssertRefused(BuiltProgram.Run("run", Demo, "--disk", disk), "not a multiple of 512");
    }

    [Test]
    public void A_missing_disk_is_refused() =>
        AssertRefused(BuiltProgram.Run("run", Demo, "--disk", Path.Combine(_folder, "none.img")), "no such file");

    [Test]
    public void A_log_that_can_not_be_written_is_refused() =>
        AssertRefused(BuiltProgram.Run("run", Demo, "--log", Path.Combine(_folder, "no", "log")), "can't be written");

    [Test]
    public void A_disk_in_use_is_refused_and_the_first_machine_goes_on()
    {
        string disk = CopyOfDisk();
        using var first = BuiltProgram.Start("run", Demo, "--disk", disk);
        first.WaitForLine("Type \"help\"");
        AssertRefused(BuiltProgram.Run("run", Demo, "--disk", disk), "open in another running machine");
        first.Type("\nhalt\n");
        Assert.That(first.WaitForExit().ExitCode, Is.Zero);
    }

    /// <summary>The guest's answer says that its request is complete; nothing of this process is left to write it later.</summary>
    [Test]
    public void A_write_that_the_guest_saw_complete_survives_a_kill_of_the_process()
    {
        string disk = CopyOfDisk();
        using var program = BuiltProgram.Start("run", Demo, "--disk", disk);
        program.WaitForLine("Type \"help\"");
        program.Type("\ndisk write 3 durable\n");
        program.WaitForLine("bytes written to sector 3");
        program.Process.Kill();
        program.Process.WaitForExit();
        Assert.That(File.ReadAllBytes(disk).AsSpan(3 * 512, 7).ToArray(), Is.EqualTo("durable"u8.ToArray()));
    }

    [Test]
    public void Words_are_disassembled() =>
        Assert.That(BuiltProgram.Run("disasm", "00a50533").Output, Does.Contain("add").And.Contain("a0,a0,a0"));

    [Test]
    public void A_file_is_disassembled_by_symbol() =>
        Assert.That(BuiltProgram.Run("disasm", Demo).Output, Does.Contain("<_start>:").Or.Contain("<_entry>:"));

    [Test]
    public void Standard_input_in_a_pipe_reaches_the_guest_and_its_end_does_not_end_the_machine()
    {
        using var program = BuiltProgram.Start("run", Demo, "--disk", CopyOfDisk());
        program.WaitForLine("Type \"help\"");
        program.Type("\necho over the pipe\nhalt\n");
        program.Process.StandardInput.Close();
        var result = program.WaitForExit();
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Output, Does.Contain("\nover the pipe"));
    }

    [Test]
    public void What_is_piped_in_before_the_guest_listens_is_not_lost()
    {
        using var program = BuiltProgram.Start("run", Demo, "--disk", CopyOfDisk());
        program.Type("echo early\nhalt\n");
        var result = program.WaitForExit();
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Output, Does.Contain("demo> echo early").And.Contain("\nearly"));
    }

    /// <summary>The guest loads from where QEMU has its flash and this board has nothing.</summary>
    [Test]
    public void The_log_tells_of_traps_in_QEMUs_words_and_of_accesses_to_nothing()
    {
        string kernel = Path.Combine(_folder, "kernel.bin");
        uint[] code =
        [
            0x00000297, // auipc t0,0x0
            0x01428293, // addi t0,t0,20
            0x30529073, // csrrw zero,mtvec,t0
            0x20000537, // lui a0,0x20000
            0x00052583, // lw a1,0(a0): nothing is there
            0x00100537, // lui a0,0x100
            0x000055b7, // lui a1,0x5
            0x55558593, // addi a1,a1,1365
            0x00b52023, // sw a1,0(a0)
        ];
        File.WriteAllBytes(kernel, [.. code.SelectMany(BitConverter.GetBytes)]);
        string log = Path.Combine(_folder, "log");
        var result = BuiltProgram.Run(
            "-bios", "none", "-kernel", kernel, "-nographic", "-d", "int,unimp,in_asm", "-D", log);
        Assert.That(result.ExitCode, Is.Zero, result.Error);

        string text = File.ReadAllText(log);
        Assert.That(text, Does.Contain("async:0, cause:0000000000000005, epc:0x0000000080000010, tval:0x0000000020000000, desc=fault_load"));
        Assert.That(text, Does.Not.Match(@"(cycle:\d+|priv:\w+), at "), "a kernel without symbols has no places");
        Assert.That(text, Does.Contain("load of 4 at 0x20000000: nothing is there, pc:0x0000000080000010"));
        Assert.That(text, Does.Match("8000000c: +20000537 +lui +a0,0x20000"));
    }

    [Test]
    public void The_log_names_the_place_in_the_source_of_the_kernel_and_of_the_program_that_runs()
    {
        string image = RepositoryFiles.PathOf("xv6-guest-image", "image");
        string disk = Path.Combine(_folder, "fs.img");
        string log = Path.Combine(_folder, "log");
        File.Copy(Path.Combine(image, "fs.img"), disk);
        using var program = BuiltProgram.Start(
            "-machine", "virt", "-bios", "none", "-kernel", Path.Combine(image, "kernel.elf"), "-nographic",
            "-global", "virtio-mmio.force-legacy=false", "-drive", $"file={disk},if=none,format=raw,id=x0",
            "-device", "virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0", "-d", "int,in_asm", "-D", log);
        program.WaitForLine("init: starting sh");
        program.Type("halt\n");
        var result = program.WaitForExit();
        Assert.That(result.ExitCode, Is.Zero, result.Error);

        string text = File.ReadAllText(log);
        Assert.That(text, Does.Match(@"desc=user_ecall, cycle:\d+, at sh: read\+0x2 \(user/lib/syscalls\.S:\d+\)"));
        Assert.That(text, Does.Match(@"desc=user_ecall, cycle:\d+, at halt: power\+0x4 \(user/lib/syscalls\.S:\d+\)"));
        Assert.That(text, Does.Match(@"priv:Supervisor, at kernel_main(\+0x[0-9a-f]+)? \(kernel/boot/main\.c:\d+\)"));
    }

    [Test]
    public void What_a_card_tells_of_its_driver_names_the_drivers_function()
    {
        var result = BuiltProgram.Run(
            "-bios", "none", "-kernel", RepositoryFiles.ContractGuest("e1000-rdt-before-rdlen"), "-nographic",
            "-netdev", "user,id=n,restrict=on", "-device", "e1000,netdev=n", "-nic-fidelity", "lab");

        Assert.That(result.Error, Does.Match(@"e1000\.0: IMS=0 changes nothing, .* \[run\+0x[0-9a-f]+\]\n"));
        Assert.That(result.Error, Does.Match(@"no IFCS: [^\[]*\n"), "seen when the card fetched it, while the driver was elsewhere");
    }

    [TestCase("TERM", 15)]
    [TestCase("INT", 2)]
    [TestCase("HUP", 1)]
    public void A_signal_ends_the_machine_at_once_and_nothing_is_lost(string name, int number)
    {
        using var program = BuiltProgram.Start("run", Demo, "--disk", CopyOfDisk());
        program.WaitForLine("Type \"help\"");
        var watch = Stopwatch.StartNew();
        program.Signal(name);
        var result = program.WaitForExit();
        TestContext.Out.WriteLine($"SIG{name}: {watch.ElapsedMilliseconds} ms");
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.Zero);
            Assert.That(result.Output, Does.EndWith("demo> \n"));
            Assert.That(result.Error, Does.EndWith($"machine: terminating on signal {number}\n"));
        });
    }

    [Test]
    public void More_signals_while_it_ends_change_nothing()
    {
        using var program = BuiltProgram.Start("run", Demo, "--disk", CopyOfDisk());
        program.WaitForLine("Type \"help\"");
        for (int sent = 0; sent < 5; sent++)
        {
            program.Signal("TERM");
        }

        var result = program.WaitForExit();
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Output, Does.EndWith("demo> \n"));
        Assert.That(result.Error.Split("terminating on signal"), Has.Length.EqualTo(2), result.Error);
    }

    [Test]
    public void Ctrl_A_x_ends_the_machine_also_in_a_pipe()
    {
        using var program = BuiltProgram.Start("run", Demo, "--disk", CopyOfDisk());
        program.WaitForLine("Type \"help\"");
        program.Type("\u0001x");
        Assert.That(program.WaitForExit().ExitCode, Is.Zero);
    }

    [Test]
    public void A_closed_output_ends_the_machine_quietly()
    {
        using var shell = Process.Start(new ProcessStartInfo("sh",
        [
            "-c", $"dotnet '{BuiltProgram.Assembly}' run '{Demo}' --disk '{CopyOfDisk()}' </dev/null 2>'{_folder}/err' | head -n 2",
        ])
        {
            RedirectStandardOutput = true,
        })!;
        string output = shell.StandardOutput.ReadToEnd();
        Assert.That(shell.WaitForExit(TimeSpan.FromSeconds(60)), Is.True);
        Assert.That(output.Split('\n'), Has.Length.EqualTo(3));
        // The line after head's two is written to a pipe that nobody has open; the process is gone with it.
        Assert.That(() => File.ReadAllText(Path.Combine(_folder, "err")), Is.Empty.After(5000, 100));
    }

    [Test]
    public void The_console_can_go_to_a_file()
    {
        string file = Path.Combine(_folder, "console");
        using var program = BuiltProgram.Start(
            "-bios", "none", "-kernel", Demo, "-display", "none", "-serial", $"file:{file}", "-D", Path.Combine(_folder, "log"));
        Assert.That(() => File.Exists(file) ? ReadShared(file) : "", Does.Contain("demo> ").After(30_000, 100));
        program.Signal("TERM");
        Assert.That(program.WaitForExit().ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(Path.Combine(_folder, "log")), Does.Contain("machine starts").And.Contain("machine ends"));
    }

    [Test]
    public void The_environment_reaches_either_door()
    {
        var environment = new[] { ("RISCVXV6_ARGS", "-smp 99") };
        AssertRefused(BuiltProgram.Run(environment, "-bios", "none", "-kernel", Demo), "-smp: '99'");
        AssertRefused(BuiltProgram.Run([("RISCVXV6_ARGS", "--harts 99")], "run", Demo), "--harts: '99'");
    }

    private static void AssertRefused(ProgramResult result, string part) =>
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(2));
            Assert.That(result.Output, Is.Empty);
            Assert.That(result.Error, Does.StartWith("riscvxv6: ").And.Contain(part));
            Assert.That(result.Error.TrimEnd('\n'), Does.Not.Contain("\n"), "one line");
        });

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private string CopyOfDisk()
    {
        string copy = Path.Combine(_folder, "demo.img");
        File.Copy(DemoDisk, copy, overwrite: true);
        return copy;
    }

    /// <summary>The demo with its first segment's physical address at 1 TiB.</summary>
    private string LinkedHigh()
    {
        byte[] elf = File.ReadAllBytes(Demo);
        // ELF-64: e_phoff at 32, e_phentsize at 54, e_phnum at 56; p_type at 0 (1 is PT_LOAD), p_paddr at 24.
        int table = BitConverter.ToInt32(elf, 32);
        for (int i = 0; i < elf[56]; i++)
        {
            int header = table + i * BitConverter.ToUInt16(elf, 54);
            if (BitConverter.ToInt32(elf, header) == 1)
            {
                BitConverter.GetBytes(1L << 40).CopyTo(elf, header + 24);
                break;
            }
        }

        string path = Path.Combine(_folder, "high");
        File.WriteAllBytes(path, elf);
        return path;
    }
}
