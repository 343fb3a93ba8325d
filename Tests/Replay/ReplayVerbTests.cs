using NUnit.Framework;
using RiscvXv6.Tests.Cli;
using RiscvXv6.Tests.Xv6;

namespace RiscvXv6.Tests.Replay;

/// <summary><c>-record</c> and <c>riscvxv6 replay</c> as a person uses them, in a process each.</summary>
internal sealed class ReplayVerbTests
{
    private const string Input = "ls\necho one > file\ncat file\nps\n";

    private string _folder = "";
    private string _disk = "";
    private string _kernel = "";
    private string _record = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("riscvxv6-").FullName;
        _disk = Path.Join(_folder, "fs.img");
        _kernel = Path.Join(_folder, "kernel.elf");
        _record = Path.Join(_folder, "run.record");
        File.WriteAllBytes(_disk, Xv6Guest.Disk());
        File.Copy(Xv6Guest.Kernel, _kernel);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_run_with_piped_input_is_replayed_with_no_other_argument()
    {
        var recorded = RecordRun(Input + "halt\n", "--harts", "3");
        byte[] left = File.ReadAllBytes(_disk);
        var replayed = BuiltProgram.Run("replay", _record);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(recorded.Output, Does.Contain("$ one\n"));
            Assert.That(replayed, Is.EqualTo(recorded));
            Assert.That(File.ReadAllBytes(_disk), Is.EqualTo(left), "the disk is as the recorded run left it");
        }
    }

    [Test]
    public void QEMUs_door_records_too_and_the_disk_is_no_longer_needed()
    {
        using var program = BuiltProgram.Start(
            "-machine", "virt", "-bios", "none", "-kernel", _kernel, "-m", "128M", "-smp", "2", "-nographic",
            "-global", "virtio-mmio.force-legacy=false", "-drive", $"file={_disk},if=none,format=raw,id=x0",
            "-device", "virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0", "-record", _record);
        program.Type(Input + "halt\n");
        var recorded = program.WaitForExit();
        File.Delete(_disk);
        Assert.That(BuiltProgram.Run("replay", _record), Is.EqualTo(recorded));
    }

    [Test]
    public void A_guests_failure_is_the_replays_exit_code()
    {
        File.WriteAllBytes(_kernel, PrintingGuest.PrintThenStop(100, 0x7_3333));
        var recorded = BuiltProgram.Run("run", _kernel, "--record", _record);
        Assert.That(recorded.ExitCode, Is.EqualTo(7));
        Assert.That(BuiltProgram.Run("replay", _record), Is.EqualTo(recorded));
    }

    [Test]
    public void A_run_that_a_signal_ended_ends_at_the_same_place_again()
    {
        using var program = StartRun();
        program.Type(Input);
        program.WaitForLine("$ one\n");
        program.Signal("TERM");
        var recorded = program.WaitForExit();
        var replayed = BuiltProgram.Run("replay", _record);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(recorded.Error, Does.Contain("terminating on signal 15"));
            Assert.That(replayed.Output, Is.EqualTo(recorded.Output));
            Assert.That(replayed.ExitCode, Is.Zero);
            Assert.That(replayed.Error, Is.EqualTo("riscvxv6: replay: the recorded run was ended here by a signal\n"));
        }
    }

    [Test]
    public void A_run_that_was_killed_is_replayed_up_to_what_was_written_last()
    {
        using var program = StartRun();
        program.Type(Input);
        program.WaitForLine("$ one\n");
        Thread.Sleep(500);
        program.Process.Kill();
        var recorded = program.WaitForExit();
        var replayed = BuiltProgram.Run("replay", _record);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(recorded.Output, Does.StartWith(replayed.Output.TrimEnd('\n')));
            Assert.That(replayed.Output, Does.Contain("$ one\n"), "what was there half a second before is in it");
            Assert.That(replayed.Error, Does.Match("^riscvxv6: replay: the record ends here, at cycle [0-9]+: the recorded run was killed"));
            Assert.That(replayed.ExitCode, Is.Zero);
        }
    }

    [Test]
    public void A_kernel_that_has_changed_since_is_named()
    {
        RecordRun("halt\n");
        byte[] kernel = File.ReadAllBytes(_kernel);
        kernel[^1] ^= 1;
        File.WriteAllBytes(_kernel, kernel);
        var replayed = BuiltProgram.Run("replay", _record);
        Assert.That(replayed.Error, Does.StartWith($"riscvxv6: replay: -kernel {_kernel}: has changed since the run was recorded"));
        Assert.That((replayed.ExitCode, replayed.Output), Is.EqualTo((2, "")));
    }

    [Test]
    public void A_large_disk_is_recorded_only_if_the_run_does_not_change_it_and_must_be_the_same_then()
    {
        using (var disk = File.OpenWrite(_disk))
        {
            disk.SetLength((64 << 20) + 512);
        }

        var refused = BuiltProgram.Run("run", _kernel, "--disk", _disk, "--record", _record);
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Does.Contain("is more than a record keeps of a disk (64 MiB)").And.Contain("snapshot=on"));
        Assert.That(File.Exists(_record), Is.False);

        using var program = BuiltProgram.Start("run", _kernel, "--disk", $"{_disk},snapshot", "--record", _record);
        program.Type(Input + "halt\n");
        var recorded = program.WaitForExit();
        Assert.That(new FileInfo(_record).Length, Is.LessThan(100_000));
        Assert.That(BuiltProgram.Run("replay", _record), Is.EqualTo(recorded));

        using (var disk = File.OpenWrite(_disk))
        {
            disk.Position = 64 << 20;
            disk.WriteByte(1);
        }

        Assert.That(BuiltProgram.Run("replay", _record).Error, Does.Contain($"-drive {_disk}: has changed since the run was recorded"));
    }

    [Test]
    public void A_replay_can_keep_packets_that_the_run_did_not()
    {
        string capture = Path.Join(_folder, "packets.pcapng");
        string same = Path.Join(_folder, "same.pcapng");
        string log = Path.Join(_folder, "log");
        var recorded = RecordRun("ping -c 2 10.0.2.2\nhalt\n", "--net", "user,restrict=on", "--capture", same);
        byte[] then = File.ReadAllBytes(same);
        var replayed = BuiltProgram.Run("replay", _record, "--capture", capture, "--net-table", "--log", log, "--log-items", "int");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(replayed.Output, Is.EqualTo(recorded.Output));
            Assert.That(replayed.Error, Does.Contain("transmit"));
            Assert.That(File.ReadAllBytes(capture), Is.EqualTo(then));
            Assert.That(File.ReadAllText(log), Does.Contain("desc=s_timer"));
            Assert.That(File.ReadAllBytes(same), Is.EqualTo(then), "the recorded run's capture stays");
        }
    }

    [Test]
    public void Relative_paths_begin_where_the_run_was_started()
    {
        string here = Directory.GetCurrentDirectory();
        string relative = Path.GetRelativePath(here, _kernel);
        var recorded = BuiltProgram.Start("run", relative, "--disk", Path.GetRelativePath(here, _disk), "--record", _record);
        recorded.Type("halt\n");
        var result = recorded.WaitForExit();
        recorded.Dispose();
        string elsewhere = Path.Join(_folder, "elsewhere");
        Directory.CreateDirectory(elsewhere);
        Assert.That(BuiltProgram.RunIn(elsewhere, "replay", _record), Is.EqualTo(result));
    }

    [TestCase("record", "name another file for the record")]
    [TestCase("", "the file name is empty")]
    [TestCase("no/such/folder/record", "no such folder")]
    public void A_record_that_can_not_be_written_is_refused(string name, string complaint)
    {
        string path = name == "record" ? _kernel : name;
        var result = BuiltProgram.Run("run", _kernel, "--disk", _disk, "--record", path);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Error, Does.Contain(complaint));
        Assert.That(File.ReadAllBytes(_kernel), Is.EqualTo(File.ReadAllBytes(Xv6Guest.Kernel)));
    }

    [Test]
    public void What_is_no_record_or_a_damaged_one_is_refused_in_one_line()
    {
        RecordRun("halt\n");
        byte[] whole = File.ReadAllBytes(_record);
        (byte[] Bytes, string Complaint)[] files =
        [
            (File.ReadAllBytes(_kernel), "is not a record of a run"),
            ([], "is not a record of a run"),
            (whole[..11], "is cut short before the machine started"),
            (whole[..300], "is cut short before the machine started"),
            ([.. whole[..8], 2, .. whole[9..]], "is a record of version 2, and this program reads version 1"),
            ([.. whole[..100], (byte)(whole[100] ^ 1), .. whole[101..]], "is damaged at byte 12"),
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach (var (bytes, complaint) in files)
            {
                File.WriteAllBytes(_record, bytes);
                var result = BuiltProgram.Run("replay", _record);
                Assert.That(result.Error, Does.StartWith($"riscvxv6: replay: {_record}: {complaint}").And.Not.Contain("\n   at"));
                Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
            }

            Assert.That(BuiltProgram.Run("replay", _record + ".not").Error, Does.Contain("no such file"));
            Assert.That(BuiltProgram.Run("replay").Error, Does.Contain("no record given"));
        }
    }

    private BuiltProgram StartRun(params string[] options) =>
        BuiltProgram.Start(["run", _kernel, "--disk", _disk, "--record", _record, .. options]);

    private ProgramResult RecordRun(string input, params string[] options)
    {
        using var program = StartRun(options);
        program.Type(input);
        program.Process.StandardInput.Close();
        var result = program.WaitForExit();
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        return result;
    }
}
