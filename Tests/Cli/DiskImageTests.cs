using NUnit.Framework;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cli;

public sealed class DiskImageTests
{
    private static readonly DiskImageOptions Plain = default;
    private static readonly DiskImageOptions ReadOnly = new(ReadOnly: true);
    private static readonly DiskImageOptions Snapshot = new(Snapshot: true);

    private string _path = "";

    [SetUp]
    public void Create_an_image()
    {
        _path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{TestContext.CurrentContext.Test.ID}.img");
        File.WriteAllBytes(_path, new byte[1024]);
    }

    [TearDown]
    public void Delete_the_image() => File.Delete(_path);

    [Test]
    public void An_image_opens_with_its_capacity()
    {
        var image = DiskImage.Open(_path, Plain);
        using var _ = image as IDisposable;
        Assert.That(image.CapacitySectors, Is.EqualTo(2));
        Assert.That(image.IsReadOnly, Is.False);
        Assert.That(image.Write(1, new byte[512]), Is.True);
    }

    [Test]
    public void Missing() => ExpectMessage(_path + ".none", "no such file");

    [Test]
    public void Missing_folder() => ExpectMessage(Path.Combine(_path + ".d", "fs.img"), "no such file");

    [Test]
    public void Directory() => ExpectMessage(TestContext.CurrentContext.WorkDirectory, "is a directory");

    [Test]
    public void Empty_name() =>
        Assert.That(() => DiskImage.Open("", Plain), Throws.TypeOf<BlockImageException>().With.Message.Contains("empty"));

    [Test]
    public void Device()
    {
        if (!OperatingSystem.IsWindows())
        {
            ExpectMessage("/dev/null", "is empty");
            ExpectMessage("/dev/null", "is empty", Snapshot);
        }
    }

    [Test]
    public void Empty()
    {
        File.WriteAllBytes(_path, []);
        ExpectMessage(_path, "is empty");
    }

    [Test]
    public void Not_whole_sectors()
    {
        File.WriteAllBytes(_path, new byte[1000]);
        ExpectMessage(_path, "not a multiple of 512");
        File.WriteAllBytes(_path, new byte[1024]);
        Open(_path, Plain).Dispose();
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Unix permissions")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void No_permission()
    {
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        UnprivilegedThread.Run(() =>
        {
            ExpectMessage(_path, "no permission to write it");
            Open(_path, Snapshot).Dispose();
        });
    }

    [Test]
    public void Two_machines_never_write_one_image()
    {
        using (Open(_path, Plain))
        {
            ExpectMessage(_path, "open in another running machine");
            ExpectMessage(_path, "open in another running machine", ReadOnly);
            ExpectMessage(_path, "open in another running machine", Snapshot);
        }

        Open(_path, Plain).Dispose();
    }

    [Test]
    public void Readers_share_an_image_but_keep_a_writer_out()
    {
        using var first = Open(_path, ReadOnly);
        using var second = Open(_path, Snapshot);
        ExpectMessage(_path, "open in another running machine");
    }

    [Test]
    public void Snapshot_leaves_the_file_as_it_was()
    {
        byte[] ones = Enumerable.Repeat((byte)1, 512).ToArray();
        byte[] read = new byte[512];
        var image = DiskImage.Open(_path, Snapshot);
        using (image as IDisposable)
        {
            Assert.That(image.IsReadOnly, Is.False);
            Assert.That(image.Write(0, ones) && image.Read(0, read), Is.True);
            Assert.That(read, Is.EqualTo(ones));
        }

        Assert.That(File.ReadAllBytes(_path), Is.All.Zero);
    }

    [Test]
    public void Read_only_wins_over_snapshot()
    {
        var image = DiskImage.Open(_path, new DiskImageOptions(ReadOnly: true, Snapshot: true));
        using var _ = image as IDisposable;
        Assert.That(image.IsReadOnly, Is.True);
        Assert.That(image.Write(0, new byte[512]), Is.False);
    }

    private static IDisposable Open(string path, DiskImageOptions options) => (IDisposable)DiskImage.Open(path, options);

    /// <summary>One line, that begins with the file's name.</summary>
    private static void ExpectMessage(
        string path,
        string fragment,
        DiskImageOptions options = default) =>
        Assert.That(
            () => DiskImage.Open(path, options),
            Throws.TypeOf<BlockImageException>()
                .With.Message.StartsWith(path + ": ").And.Message.Contains(fragment).And.Message.Not.Contains("\n"));
}
