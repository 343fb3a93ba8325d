using System.Diagnostics;
using NUnit.Framework;
using RiscvXv6.Emulator.Cli;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Tests.Support;
using static RiscvXv6.Tests.Cli.CommandLineDriver;

namespace RiscvXv6.Tests.Cli;

/// <summary>Files that are no files, never end, are far too large or must not be touched: one line, at once, and nothing lost.</summary>
[Platform(Exclude = "Win", Reason = "pipes and devices of Unix")]
internal sealed class HostileFileTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly string Demo = RepositoryFiles.PathOf("Tests", "Guests", "demo", "demo.elf");
    private static readonly string DemoDisk = RepositoryFiles.PathOf("Tests", "Guests", "demo", "demo.img");

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("riscvxv6-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("-kernel {0}")]
    [TestCase("-kernel {1} -bios {0}")]
    [TestCase("-kernel {1} -initrd {0}")]
    [TestCase("-kernel {1} -dtb {0}")]
    [TestCase("-kernel {1} -hda {0}")]
    [TestCase("-kernel {1} -drive file={0},if=virtio,readonly=on")]
    [TestCase("-kernel {1} -drive file={0},if=virtio,snapshot=on")]
    public void A_pipe_is_refused_and_nobody_waits_for_its_other_end(string line) =>
        Assert.That(Complaint(string.Format(null, line, Pipe(), Demo)), Does.Contain("is a pipe or a device"));

    [TestCase("-kernel {0}")]
    [TestCase("-kernel {1} -bios {0}")]
    [TestCase("-kernel {1} -initrd {0}")]
    [TestCase("-kernel {1} -dtb {0}")]
    [TestCase("-kernel {1} -hda {0}")]
    public void A_folder_is_refused(string line) =>
        Assert.That(Complaint(string.Format(null, line, _folder, Demo)), Does.Contain("is a directory"));

    [TestCase("-kernel {0}")]
    [TestCase("-bios none -kernel {1} -initrd {0}")]
    [TestCase("-bios none -kernel {1} -hda {0}")]
    [TestCase("-bios none -kernel {1} -d int -D {0}")]
    [TestCase("-bios none -kernel {1} -nic user,restrict=on -capture {0}")]
    [TestCase("-bios none -kernel {1} -nic user,restrict=on -net-report {0}")]
    public void What_the_host_says_of_a_file_is_told_in_words_and_not_by_the_runtimes_keys(string line)
    {
        string path = "/" + string.Join('/', Enumerable.Repeat(new string('n', 300), 20));
        var result = BuiltProgram.Run(string.Format(null, line, path, Demo).Split(' '));
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.BadCommandLine), result.Error);
        Assert.That(result.Error.Replace(path, ""), Does.Not.Match("[A-Za-z]+_[A-Za-z]+"));
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [TestCase("/dev/zero")]
    [TestCase("/dev/null")]
    public void A_device_that_never_ends_or_is_empty_is_refused(string device)
    {
        Assert.That(Complaint($"-kernel {device}"), Does.Contain("is empty"));
        Assert.That(Complaint($"-kernel {Demo} -hda {device}"), Does.Contain("is empty"));
    }

    [Test]
    public void A_huge_kernel_is_refused_before_it_is_read() =>
        Assert.That(Complaint($"-kernel {Sparse(40L << 30)}"), Does.Contain("40960 MiB is more than can be loaded"));

    [Test]
    public void An_initrd_larger_than_RAM_is_refused_before_it_is_read() =>
        Assert.That(
            Complaint($"-kernel {Demo} -m 64 -initrd {Sparse(1L << 30)}"),
            Does.Contain("1024 MiB is more than can be loaded (64 MiB): give the machine more memory with -m"));

    [Test]
    public void A_device_tree_of_noise_is_refused()
    {
        string path = Path.Combine(_folder, "noise");
        byte[] noise = new byte[1000];
        new Random(1).NextBytes(noise);
        File.WriteAllBytes(path, noise);
        Assert.That(Complaint($"-kernel {Demo} -dtb {path}"), Does.Contain("is not a device tree blob"));
    }

    [Test]
    public void The_console_and_the_log_do_not_wait_for_a_pipe_s_reader()
    {
        string pipe = Pipe();
        Assert.That(BuiltProgram.Run("-bios", "none", "-kernel", Demo, "-serial", $"file:{pipe}"), IsRefusal("nobody reads"));
        Assert.That(BuiltProgram.Run("run", Demo, "--log", pipe), IsRefusal("nobody reads"));
    }

    [Test]
    public void A_bad_kernel_leaves_an_earlier_log_and_console_file_alone()
    {
        string precious = Path.Combine(_folder, "precious");
        File.WriteAllText(precious, "precious");
        var console = BuiltProgram.Run("-bios", "none", "-kernel", Path.Combine(_folder, "none"), "-serial", $"file:{precious}");
        var log = BuiltProgram.Run("run", Path.Combine(_folder, "none"), "--log", precious);
        Assert.Multiple(() =>
        {
            Assert.That(console, IsRefusal("no such file"));
            Assert.That(log, IsRefusal("no such file"));
            Assert.That(File.ReadAllText(precious), Is.EqualTo("precious"));
        });
    }

    [TestCase("-serial", "file:")]
    [TestCase("-log", "")]
    public void A_disk_can_not_be_its_own_console_or_log(string option, string prefix)
    {
        string disk = Path.Combine(_folder, "disk");
        File.Copy(DemoDisk, disk);
        var result = BuiltProgram.Run("-bios", "none", "-kernel", Demo, "-hda", disk, option, prefix + disk);
        Assert.That(result, IsRefusal("can't be written"));
        Assert.That(File.ReadAllBytes(disk), Is.EqualTo(File.ReadAllBytes(DemoDisk)));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint IsRefusal(string part) =>
        Has.Property(nameof(ProgramResult.ExitCode)).EqualTo(2)
            .And.Property(nameof(ProgramResult.Output)).Empty
            .And.Property(nameof(ProgramResult.Error)).Match($"^riscvxv6: [^\n]*{part}[^\n]*\n$");

    /// <summary>The complaint about the files of a line, which must come soon.</summary>
    private static string Complaint(string line)
    {
        var options = Run("-bios none " + line).Options;
        var load = Task.Run(() => MachineFiles.Load(options, static _ => { }));
        Assert.That(Task.WhenAny(load, Task.Delay(Patience)).GetAwaiter().GetResult(), Is.SameAs(load), "it waits");
        Assert.That(load.Exception?.InnerException, Is.InstanceOf<UsageException>(), "it was accepted");
        string message = load.Exception!.InnerException!.Message;
        Assert.That(message, Does.Not.Contain("\n"));
        return message;
    }

    private string Pipe()
    {
        string path = Path.Combine(_folder, "pipe");
        using var make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
        return path;
    }

    private string Sparse(long sizeBytes)
    {
        string path = Path.Combine(_folder, "sparse");
        using var file = File.Create(path);
        file.SetLength(sizeBytes);
        return path;
    }
}
