using System.Diagnostics;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli;
using RiscvXv6.Emulator.Cli.FileSystem;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Guest.Xv6Fs;
using RiscvXv6.Tests.Guest.Xv6Fs;

namespace RiscvXv6.Tests.Cli;

/// <summary><c>riscvxv6 fs</c>: what it does to files of the host, and what it refuses.</summary>
public sealed class FsVerbTests
{
    private string _folder = "";

    private string Image => PathOf("fs.img");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("riscvxv6-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("fs", "there are build, ls, cat, add, rm, extract, check")]
    [TestCase("fs bulid i f", "did you mean fs build?")]
    [TestCase("fs build", "fs build: no IMAGE given; see riscvxv6 help fs build")]
    [TestCase("fs build i", "no FOLDER given")]
    [TestCase("fs build i f g", "'g' is one too many")]
    [TestCase("fs build i f --blocks many", "--blocks: 'many' is not a number; write one such as 2000")]
    [TestCase("fs build i f --blocks -5", "fs build: --blocks: needs a value")]
    [TestCase("fs build i f --blocks 40", "40 blocks are too few")]
    [TestCase("fs build i f --inodes 1", "choose 2 to 65536")]
    [TestCase("fs build i f --log 1", "the least is 2")]
    [TestCase("fs build i f --lgo 9", "did you mean --log?")]
    [TestCase("fs ls", "no IMAGE given")]
    [TestCase("fs ls i / x", "one too many")]
    [TestCase("fs cat i", "no PATH given")]
    [TestCase("fs add i", "no FILE given")]
    [TestCase("fs add i f ''", "no FILE given")]
    [TestCase("fs rm i", "no PATH given")]
    [TestCase("fs extract i", "no FOLDER given")]
    [TestCase("fs check", "no IMAGE given")]
    [TestCase("fs check i --jsno", "did you mean --json?")]
    [TestCase("help fs bulid", "did you mean fs build?")]
    public void A_bad_line_is_refused_with_advice(string line, string part) =>
        Assert.That(CommandLineDriver.Complaint(line), Does.Contain(part).And.Not.Contain("\n"));

    [TestCase("help fs", "riscvxv6 fs COMMAND IMAGE")]
    [TestCase("fs --help", "riscvxv6 fs COMMAND IMAGE")]
    [TestCase("help fs build", "riscvxv6 fs build IMAGE FOLDER [options]")]
    [TestCase("fs check --help", "--as-is")]
    [TestCase("help fs rm", "--recursive")]
    public void There_is_help(string line, string part) =>
        Assert.That(((Request.Print)CommandLineDriver.Parse(line)).Text, Does.Contain(part));

    [Test]
    [Platform(Exclude = "Win", Reason = "pipes of a Unix shell")]
    public void A_folder_becomes_an_image_whose_contents_are_listed_and_printed()
    {
        byte[] binary = FsWriterTests.Content(20_000, 1);
        Write("tree/b/tool", binary);
        Write("tree/README", "read me\n"u8.ToArray());

        Assert.That(BuiltProgram.Run("fs", "build", Image, PathOf("tree")), Is.EqualTo(new ProgramResult(0, "", "")));
        Assert.That(BuiltProgram.Run("fs", "ls", Image), Is.EqualTo(new ProgramResult(0, """
            type   inode links    size path
            dir        1     2    1024 /
            file       2     1       8 /README
            dir        3     1    1024 /b
            file       4     1   20000 /b/tool

            """, "")));
        Assert.That(BuiltProgram.Run("fs", "ls", Image, "b/tool").Output, Does.EndWith("\nfile       4     1   20000 /b/tool\n"));
        Assert.That(Shell($"fs cat '{Image}' /b/tool | cat > '{PathOf("out")}'"), Is.Zero);
        Assert.That(File.ReadAllBytes(PathOf("out")), Is.EqualTo(binary));
        Assert.That(
            BuiltProgram.Run("fs", "check", Image),
            Is.EqualTo(new ProgramResult(0, $"{Image}: consistent; 2000 blocks, 1929 free; 200 inodes, 4 used\n", "")));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "redirections of a Unix shell")]
    public void A_reader_that_closes_the_pipe_has_had_enough_and_a_full_disk_is_an_error()
    {
        Write("tree/large", new byte[200_000]);
        Do("build", Image, PathOf("tree"));
        Assert.That(Shell($"fs cat '{Image}' large | head -c 5 > /dev/null"), Is.Zero);
        Assert.That(Shell($"fs cat '{Image}' large > /dev/full 2> '{PathOf("error")}'"), Is.EqualTo(1));
        Assert.That(File.ReadAllText(PathOf("error")), Does.Match("^riscvxv6: standard output can't be written[^\n]*\n$"));
    }

    [Test]
    public void A_folder_comes_back_as_it_was()
    {
        foreach (int size in (int[])[0, 1, 1024, 12_288, 12_289, 274_432])
        {
            Write($"tree/files/{size}", FsWriterTests.Content(size, size));
        }

        Write("tree/.hidden", [1]);
        Write("tree/été é", [2]);
        Directory.CreateDirectory(PathOf("tree/empty"));
        Do("build", Image, PathOf("tree"));
        Do("extract", Image, PathOf("back"));

        Assert.That(Tree(PathOf("back")), Is.EqualTo(Tree(PathOf("tree"))));
    }

    [Test]
    public void The_same_folder_makes_the_same_bytes_whatever_the_host_makes_of_its_order()
    {
        string[] names = ["b", "a", "B", "A1", "a-", "é", "Z"];
        foreach (string name in names)
        {
            Write($"one/{name}", Encoding.UTF8.GetBytes(name));
        }

        foreach (string name in names.Reverse())
        {
            Write($"two/{name}", Encoding.UTF8.GetBytes(name));
        }

        Do("build", Image, PathOf("one"));
        Do("build", PathOf("two.img"), PathOf("two"));
        Assert.That(File.ReadAllBytes(PathOf("two.img")), Is.EqualTo(File.ReadAllBytes(Image)));
        Assert.That(
            List(Image).Select(listing => listing.Path), Is.EqualTo(new[] { "/", "/A1", "/B", "/Z", "/a", "/a-", "/b", "/é" }));
    }

    [TestCase("name-of-15-byte", 1, "", "/name-of-15-byte: the name name-of-15-byte has 15 bytes, and xv6's have at most 14; shorten it")]
    [TestCase("large", 274_433, "", "large: 274433 bytes are more than a file of xv6 can have (274432); make it smaller, or leave it out")]
    [TestCase("more", 1, "--inodes 3", "/more: all 2 inodes are taken; make more with --inodes")]
    [TestCase("more", 100_000, "--blocks 60", "/more: needs 99 blocks, and 11 of 60 are free; make the image larger with --blocks")]
    public void What_does_not_fit_is_refused_by_name_and_there_is_no_image(string name, int size, string options, string message)
    {
        Write("tree/a", [1]);
        Write($"tree/{name}", new byte[size]);

        Assert.That(Refusal($"fs build {Image} {PathOf("tree")} {options}"), Does.StartWith("fs build: ").And.EndWith(message));
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.EqualTo(new[] { PathOf("tree") }));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "links and pipes of Unix")]
    public void Links_and_pipes_in_a_folder_are_refused()
    {
        Write("tree/a", [1]);
        File.CreateSymbolicLink(PathOf("tree/link"), "a");
        Assert.That(Refusal($"fs build {Image} {PathOf("tree")}"), Does.Contain("tree/link: is a symbolic link"));

        File.Delete(PathOf("tree/link"));
        using var make = Process.Start("mkfifo", [PathOf("tree/pipe")]);
        make.WaitForExit();
        Assert.That(Refusal($"fs build {Image} {PathOf("tree")}"), Does.Contain("tree/pipe: is a pipe or a device"));
        Assert.That(Refusal($"fs build {Image} {PathOf("none")}"), Does.Contain("none: no such folder"));
        Assert.That(Refusal($"fs build {Image} {PathOf("tree/a")}"), Does.Contain("tree/a: is a file"));
        Assert.That(Refusal($"fs build {PathOf("tree")} {PathOf("tree")}"), Does.Contain("tree: is a directory"));
        Assert.That(File.Exists(Image), Is.False);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "devices of Unix")]
    public void A_device_that_says_that_it_is_empty_is_no_file()
    {
        Write("tree/a", [1]);
        Do("build", Image, PathOf("tree"));
        Assert.That(Refusal($"fs add {Image} /dev/zero"), Does.Contain("/dev/zero: is a device, not a file; leave it out"));
    }

    [Test]
    public void An_image_that_is_there_is_overwritten_only_by_force_and_not_by_a_build_that_fails()
    {
        Write("tree/a", [1]);
        Do("build", Image, PathOf("tree"));
        byte[] before = File.ReadAllBytes(Image);
        Write("tree/b", [2]);
        Assert.That(Refusal($"fs build {Image} {PathOf("tree")}"), Does.Contain("is there already").And.Contain("--force"));
        Write("tree/a-name-that-is-too-long", [3]);
        Assert.That(Refusal($"fs build {Image} {PathOf("tree")} --force"), Does.Contain("a-name-that-is-too-long"));
        Assert.That(File.ReadAllBytes(Image), Is.EqualTo(before));

        File.Delete(PathOf("tree/a-name-that-is-too-long"));
        Do("build", Image, PathOf("tree"), "--force");
        Assert.That(List(Image).Select(listing => listing.Path), Is.EqualTo(new[] { "/", "/a", "/b" }));
        Assert.That(Directory.GetFileSystemEntries(_folder), Has.Length.EqualTo(2), "nothing else is left");
    }

    [Test]
    public void What_is_added_has_its_own_name_in_a_directory_or_a_new_one()
    {
        Write("tree/d/a", [1]);
        Do("build", Image, PathOf("tree"));
        Write("x", [2]);
        Write("more/sub/y", [3]);

        Do("add", Image, PathOf("x"), PathOf("more"));
        Do("add", Image, PathOf("x"), "--to", "/d");
        Do("add", Image, PathOf("x"), "--to", "d/z");
        Do("add", Image, PathOf("more") + "/", "--to", "/new");
        Assert.That(
            List(Image).Select(listing => listing.Path),
            Is.EqualTo(new[]
            {
                "/", "/d", "/d/a", "/d/x", "/d/z", "/x", "/more", "/more/sub", "/more/sub/y", "/new", "/new/sub", "/new/sub/y",
            }));

        Write("x", [9, 9]);
        Assert.That(Refusal($"fs add {Image} {PathOf("x")}"), Does.Contain("/x: is on the image already").And.Contain("--force"));
        Do("add", Image, PathOf("x"), "--force");
        Assert.That(Content(Image, "/x"), Is.EqualTo(new byte[] { 9, 9 }));
        Assert.That(Refusal($"fs add {Image} {PathOf("x")} {PathOf("more")} --to /none"), Does.Contain("--to: '/none' is not a directory"));
        Assert.That(Refusal($"fs add {Image} {PathOf("none")}"), Does.Contain("none: no such file"));
    }

    [Test]
    public void If_one_of_several_can_not_be_added_none_is()
    {
        Write("tree/a", [1]);
        Do("build", Image, PathOf("tree"));
        byte[] before = File.ReadAllBytes(Image);
        Write("small", [1]);
        Write("large", new byte[300_000]);
        Assert.That(Refusal($"fs add {Image} {PathOf("small")} {PathOf("large")}"), Does.Contain("large: 300000 bytes"));
        Assert.That(File.ReadAllBytes(Image), Is.EqualTo(before));
    }

    [Test]
    public void Files_and_empty_directories_are_removed_and_others_if_meant()
    {
        Write("tree/d/a", [1]);
        Write("tree/b", [1]);
        Do("build", Image, PathOf("tree"));
        Do("rm", Image, "/b");
        Assert.That(Refusal($"fs rm {Image} /d"), Does.Contain("/d: is a directory with something in it").And.Contain("--recursive"));
        Assert.That(Refusal($"fs rm {Image} /b"), Does.Contain("there is no b on the image"));
        Do("rm", Image, "/d", "--recursive");
        Assert.That(List(Image).Select(listing => listing.Path), Is.EqualTo(new[] { "/" }));
    }

    [Test]
    public void An_image_that_a_machine_has_open_is_left_alone()
    {
        Write("tree/a", [1]);
        Do("build", Image, PathOf("tree"));
        byte[] before = File.ReadAllBytes(Image);
        var machine = DiskImage.Open(Image, default);
        using (machine as IDisposable)
        {
            string[] lines =
            [
                $"fs add {Image} {PathOf("tree/a")} --to /b", $"fs rm {Image} /a", $"fs build {Image} {PathOf("tree")} --force",
                $"fs ls {Image}", $"fs cat {Image} a", $"fs extract {Image} {PathOf("out")}", $"fs check {Image}",
            ];
            foreach (string line in lines)
            {
                Assert.That(Refusal(line), Does.Contain("fs.img: is open in another running machine"), line);
            }
        }

        Assert.That(File.ReadAllBytes(Image), Is.EqualTo(before));
        var reader = DiskImage.Open(Image, new DiskImageOptions(ReadOnly: true));
        using (reader as IDisposable)
        {
            Assert.That(Refusal($"fs rm {Image} /a"), Does.Contain("is open in another running machine"));
            Assert.That(Content(Image, "/a"), Is.EqualTo(new byte[] { 1 }));
        }
    }

    [Test]
    public void While_an_image_is_changed_no_machine_can_open_it()
    {
        Write("tree/a", [1]);
        Do("build", Image, PathOf("tree"));
        ImageFile.Change("test", Image, bytes =>
        {
            Assert.That(() => DiskImage.Open(Image, default), Throws.TypeOf<BlockImageException>());
            return bytes;
        });
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "modes and links of Unix")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_changed_image_keeps_its_mode_and_the_link_that_names_it()
    {
        Write("tree/a", [1]);
        Do("build", Image, PathOf("tree"));
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;
        File.SetUnixFileMode(Image, mode);
        File.CreateSymbolicLink(PathOf("link"), "fs.img");

        Do("rm", PathOf("link"), "/a");
        Assert.That(File.GetUnixFileMode(Image), Is.EqualTo(mode));
        Assert.That(new FileInfo(PathOf("link")).LinkTarget, Is.EqualTo("fs.img"));
        Assert.That(List(Image).Select(listing => listing.Path), Is.EqualTo(new[] { "/" }));
    }

    [Test]
    public void A_transaction_in_the_log_is_recovered_by_the_first_change()
    {
        var image = new HandImage();
        byte[] contents = new byte[1024];
        "logs\n"u8.CopyTo(contents);
        image.Commit((12, contents));
        File.WriteAllBytes(Image, image.Bytes);
        Assert.That(Content(Image, "/bin/sh"), Is.EqualTo("logs\n"u8.ToArray()));
        Assert.That(File.ReadAllBytes(Image), Is.EqualTo(image.Bytes), "to look at it changes nothing");

        Do("rm", Image, "/big");
        byte[] changed = File.ReadAllBytes(Image);
        Assert.That(FsChecker.Check(changed, FsView.AsIs).Findings, Is.Empty);
        Assert.That(changed.AsSpan(12 * 1024, 5).ToArray(), Is.EqualTo("logs\n"u8.ToArray()));
    }

    [Test]
    public void Hostile_names_and_devices_stay_on_the_image()
    {
        var image = new HandImage();
        image.Entry(HandImage.RootAgain, 2, "../evil");
        image.Entry(HandImage.RootFree, 2, "..");
        image.Entry(HandImage.RootFree + 16, 2, "/tmp/evil");
        image.Entry(HandImage.RootFree + 32, 2, "\xff\xfe");
        image.Entry(HandImage.RootFree + 48, 2, "readme");
        image.Entry(HandImage.RootFree + 64, 1, "ring");
        image.Entry(HandImage.RootFree + 80, 30, "none");
        File.WriteAllBytes(Image, image.Bytes);

        var result = BuiltProgram.Run("fs", "extract", Image, PathOf("out"));
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((1, "")));
        Assert.That(result.Output, Is.EqualTo("""
            skipped /console: a device (1, 2)
            left out /../evil: its name can't be a file's here
            left out /..: its name can't be a file's here
            left out //tmp/evil: its name can't be a file's here
            left out /\xff\xfe: its name can't be a file's here
            left out /readme: there is something of that name already
            left out /ring: the directory is named twice
            left out /none: inode 30 is free

            """));
        Assert.That(
            Tree(_folder).Select(entry => entry.Path),
            Is.EqualTo(new[] { "fs.img", "out", "out/big", "out/bin", "out/bin/sh", "out/readme", "out/ring" }));
    }

    [Test]
    public void Nothing_is_extracted_over_what_is_there()
    {
        File.WriteAllBytes(Image, new HandImage().Bytes);
        Write("out/precious", [1]);
        Assert.That(Refusal($"fs extract {Image} {PathOf("out")}"), Does.Contain("is not empty"));
        Assert.That(Refusal($"fs extract {Image} {Image}"), Does.Contain("is a file"));
        Directory.CreateDirectory(PathOf("empty"));
        Do("extract", Image, PathOf("empty"));
        Assert.That(File.ReadAllBytes(PathOf("empty/bin/sh")), Is.EqualTo("echo\n"u8.ToArray()));
    }

    [Test]
    public void A_check_tells_people_and_programs_the_same_and_its_exit_code_says_it_short()
    {
        var image = new HandImage();
        image.Links(2, 1);
        image.Mark(63, true);
        File.WriteAllBytes(Image, image.Bytes);

        Assert.That(BuiltProgram.Run("fs", "check", Image), Is.EqualTo(new ProgramResult(1, $"""
            error link-count: inode 2 counts 1 link, but has 2 (/readme, byte 0x1486)
            error block-leaked: block 63 is taken in the map, but nothing uses it (byte 0x1c07)
            {Image}: inconsistent, 2 errors; 64 blocks, 35 free; 32 inodes, 6 used

            """, "")));

        var json = BuiltProgram.Run("fs", "check", Image, "--json");
        using var document = JsonDocument.Parse(json.Output);
        var root = document.RootElement;
        Assert.That(json.ExitCode, Is.EqualTo(1));
        Assert.That(root.GetProperty("consistent").GetBoolean(), Is.False);
        Assert.That(root.GetProperty("errors").GetInt32(), Is.EqualTo(2));
        var finding = root.GetProperty("findings")[0];
        Assert.That(
            ((string[])["kind", "severity", "path"]).Select(name => finding.GetProperty(name).GetString()),
            Is.EqualTo(new[] { "link-count", "error", "/readme" }));
        Assert.That(
            (finding.GetProperty("inode").GetInt32(), finding.GetProperty("byte").GetInt32()), Is.EqualTo((2, 0x1486)));
    }

    [Test]
    public void A_log_to_recover_is_a_state_and_as_it_is_the_image_may_be_inconsistent()
    {
        var image = new HandImage();
        byte[] map = image.Bytes.AsSpan(HandImage.Map, 1024).ToArray();
        image.Mark(12, false);
        image.Commit((7, map));
        File.WriteAllBytes(Image, image.Bytes);

        var recovered = BuiltProgram.Run("fs", "check", Image);
        var asIs = BuiltProgram.Run("fs", "check", Image, "--as-is");
        Assert.That((recovered.ExitCode, asIs.ExitCode), Is.EqualTo((0, 1)));
        Assert.That(recovered.Output, Does.StartWith("state needs-recovery: ").And.Contain("consistent, needs recovery;"));
        Assert.That(asIs.Output, Does.Contain("error block-free-in-map: "));
        Assert.That(BuiltProgram.Run("fs", "check", PathOf("none")).ExitCode, Is.EqualTo(2));
    }

    [TestCase("ls")]
    [TestCase("cat")]
    [TestCase("extract")]
    [TestCase("add")]
    [TestCase("rm")]
    public void What_is_no_image_is_refused_in_one_line(string command)
    {
        File.WriteAllBytes(Image, new byte[5000]);
        Write("x", [1]);
        string argument = command is "ls" ? "" : command is "extract" or "add" ? PathOf(command == "add" ? "x" : "out") : "/x";
        Assert.That(Refusal($"fs {command} {Image} {argument}"), Does.Contain("fs.img: is not an xv6 file system: the superblock begins with"));
        Assert.That(Refusal($"fs {command} {_folder} {argument}"), Does.Contain("is a directory"));
        Assert.That(Refusal($"fs {command} {PathOf("none")} {argument}"), Does.Contain("no such file"));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), content);
    }

    /// <summary>Runs a command that must succeed and prints nothing but notes.</summary>
    private static void Do(params string[] arguments)
    {
        var request = (Request.FileSystem)FrontDoors.Parse(["fs", .. arguments], null, CommandLineDriver.Host);
        Assert.That(FsSession.Run(request.Command), Is.Zero);
    }

    /// <summary>The one line that refuses.</summary>
    private static string Refusal(string line)
    {
        var request = (Request.FileSystem)CommandLineDriver.Parse(line);
        var refusal = Assert.Throws<UsageException>(() => FsSession.Run(request.Command), line);
        Assert.That(refusal!.Message, Does.Not.Contain("\n"));
        return refusal.Message;
    }

    private static FsImage Open(string path)
    {
        Assert.That(FsImage.TryOpen(File.ReadAllBytes(path), out var image, out var error), Is.True, error?.Message);
        Assert.That(FsChecker.Check(File.ReadAllBytes(path)).IsConsistent);
        return image!;
    }

    private static FsListing[] List(string path) => [.. Open(path).List("/", FsFormat.RootInode)];

    private static byte[] Content(string image, string path)
    {
        var opened = Open(image);
        Assert.That(opened.TryFind(path, out uint inode, out _) & opened.TryRead(path, inode, out byte[]? content, out _), Is.True);
        return content!;
    }

    /// <summary>Everything below a folder, with its contents in hexadecimal; an empty text stands for a folder too.</summary>
    private static (string Path, string Content)[] Tree(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => (Path.GetRelativePath(folder, path), Directory.Exists(path) ? "" : Convert.ToHexString(File.ReadAllBytes(path))))
            .OrderBy(entry => entry.Item1, StringComparer.Ordinal)];

    private static int Shell(string arguments)
    {
        using var shell = Process.Start("bash", ["-c", $"set -o pipefail; dotnet '{BuiltProgram.Assembly}' {arguments}"]);
        Assert.That(shell.WaitForExit(TimeSpan.FromSeconds(60)), "it does not end");
        return shell.ExitCode;
    }
}
