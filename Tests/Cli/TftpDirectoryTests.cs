using NUnit.Framework;
using RiscvXv6.Emulator.Cli.Network;

namespace RiscvXv6.Tests.Cli;

/// <summary>The folder that TFTP serves, asked by a guest that would like to see more.</summary>
[Platform(Exclude = "Win", Reason = "symbolic links and pipes of Unix")]
internal sealed class TftpDirectoryTests
{
    private string _folder = "";
    private TftpDirectory _files = null!;

    [SetUp]
    public void MakeFolders()
    {
        _folder = Directory.CreateTempSubdirectory("riscvxv6-").FullName;
        string root = Path.Join(_folder, "root");
        Directory.CreateDirectory(Path.Join(root, "sub"));
        File.WriteAllText(Path.Join(_folder, "secret"), "secret");
        File.WriteAllText(Path.Join(root, "boot"), "kernel");
        File.WriteAllText(Path.Join(root, "sub", "empty"), "");
        File.CreateSymbolicLink(Path.Join(root, "link"), Path.Join(_folder, "secret"));
        File.CreateSymbolicLink(Path.Join(root, "linked"), _folder);
        _files = new TftpDirectory("-netdev: tftp", root);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("boot", 0, 100, "kernel")]
    [TestCase("/boot", 0, 100, "kernel")]
    [TestCase("//boot", 2, 3, "rne")]
    [TestCase("boot", 6, 3, "")]
    [TestCase("boot", 1000, 3, "")]
    [TestCase("sub/empty", 0, 3, "")]
    public void A_file_is_read_from_any_place(string name, long offset, int count, string text)
    {
        using var file = _files.Open(name);
        byte[] bytes = new byte[count];
        int length = file!.Read(offset, bytes);
        Assert.That(System.Text.Encoding.ASCII.GetString(bytes, 0, length), Is.EqualTo(text));
    }

    [Test]
    public void Its_size_is_known()
    {
        using var file = _files.Open("boot");
        Assert.That(file!.SizeBytes, Is.EqualTo(6));
    }

    [TestCase("../secret")]
    [TestCase("/../secret")]
    [TestCase("sub/../../secret")]
    [TestCase("sub/../boot")]
    [TestCase("./boot")]
    [TestCase("..\\secret")]
    [TestCase("link")]
    [TestCase("linked/secret")]
    [TestCase("linked")]
    [TestCase("/etc/passwd")]
    [TestCase("sub")]
    [TestCase("")]
    [TestCase("/")]
    [TestCase("nothing")]
    [TestCase("boot\0")]
    [TestCase("boot/boot")]
    public void Nothing_outside_the_folder_is_opened(string name) => Assert.That(_files.Open(name), Is.Null);

    [Test]
    public void An_absolute_name_is_taken_from_the_folder()
    {
        // The control of the last: the same names inside are found.
        Assert.That(_files.Open(Path.Join(_folder, "root", "boot")), Is.Null);
        using var file = _files.Open("/boot");
        Assert.That(file, Is.Not.Null);
    }

    [Test]
    public void A_pipe_is_no_file_and_nobody_waits_for_it()
    {
        string pipe = Path.Join(_folder, "root", "pipe");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [pipe]))
        {
            mkfifo.WaitForExit();
        }

        Assert.That(_files.Open("pipe"), Is.Null);
    }
}
