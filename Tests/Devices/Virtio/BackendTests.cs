using Microsoft.Win32.SafeHandles;
using NUnit.Framework;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Virtio;

public sealed class BackendTests
{
    private string _path = "";

    [SetUp]
    public void Create_an_image_of_four_sectors()
    {
        _path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{TestContext.CurrentContext.Test.ID}.img");
        File.WriteAllBytes(_path, Enumerable.Range(0, 2048).Select(i => (byte)(i / 512 + 1)).ToArray());
    }

    [TearDown]
    public void Delete_the_image() => File.Delete(_path);

    [TestCase(true)]
    [TestCase(false)]
    public void A_write_is_in_the_file_before_the_guest_sees_it_complete(bool legacy)
    {
        using var backend = new FileBackend(OpenShared(FileAccess.ReadWrite), _path, isReadOnly: false);
        using var reader = OpenShared(FileAccess.Read);
        using var guest = new VirtioGuest(legacy, backend);
        byte[] atCompletion = new byte[2048];
        guest.Start();
        Assert.That(guest.Ram.TryWrite(VirtioGuest.Buffer, Enumerable.Repeat((byte)0x77, 512).ToArray()));
        guest.Request(1, 2, 512, deviceWrites: false);
        guest.MakeAvailable(0);
        guest.Notify();

        // Step by step: whenever the used index has moved, another handle on the file must show the data already.
        while (guest.UsedIndex == 0)
        {
            guest.RunUntil(guest.NextEventCycles);
            RandomAccess.Read(reader, atCompletion, 0);
        }

        Assert.That(atCompletion[1024..1536], Is.All.EqualTo(0x77));
        Assert.That(atCompletion[..1024].Concat(atCompletion[1536..]), Has.None.EqualTo(0x77));
    }

    [Test]
    public void The_status_byte_follows_the_write_to_the_host()
    {
        byte statusDuringWrite = 0;
        VirtioGuest? guest = null;
        var spy = new SpyBackend(
            new MemoryBackend(new byte[2048]), () => statusDuringWrite = guest!.Byte(VirtioGuest.StatusByte));
        using (guest = new VirtioGuest(legacy: false, spy))
        {
            guest.Start();
            guest.Request(1, 2, 512, deviceWrites: false);
            guest.Submit();
            Assert.That(statusDuringWrite, Is.EqualTo(0xff));
            Assert.That(guest.Byte(VirtioGuest.StatusByte), Is.Zero);
        }
    }

    [Test]
    public void A_file_truncated_behind_our_back_is_an_IO_error_and_no_exception()
    {
        using var backend = new FileBackend(OpenShared(FileAccess.ReadWrite), _path, isReadOnly: false);
        using (var other = OpenShared(FileAccess.ReadWrite))
        {
            RandomAccess.SetLength(other, 512);
        }

        byte[] sector = new byte[512];
        Assert.That(backend.Read(0, sector), Is.True);
        Assert.That(backend.Read(3, sector), Is.False);
    }

    [Test]
    public void A_closed_or_unwritable_file_is_an_IO_error_and_no_exception()
    {
        var readable = new FileBackend(OpenShared(FileAccess.Read), _path, isReadOnly: false);
        byte[] sector = new byte[512];
        Assert.That(readable.Write(0, sector), Is.False);
        readable.Dispose();
        Assert.That(readable.Read(0, sector), Is.False);
        Assert.That(readable.Flush(), Is.False);
    }

    [Test]
    public void A_read_only_backend_never_writes()
    {
        byte[] before = File.ReadAllBytes(_path);
        using (var backend = new FileBackend(OpenShared(FileAccess.ReadWrite), _path, isReadOnly: true))
        {
            Assert.That(backend.Write(0, new byte[512]), Is.False);
            Assert.That(backend.Flush(), Is.True);
        }

        Assert.That(File.ReadAllBytes(_path), Is.EqualTo(before));
    }

    [Test]
    public void A_length_that_is_no_multiple_of_512_names_the_file_and_the_length()
    {
        File.WriteAllBytes(_path, new byte[1000]);
        using var file = OpenShared(FileAccess.Read);
        Assert.That(
            () => new FileBackend(file, "fs.img", isReadOnly: true),
            Throws.TypeOf<BlockImageException>().With.Message.StartsWith("fs.img: 1000 bytes is not a multiple of 512"));
    }

    [Test]
    public void An_overlay_keeps_writes_to_itself_and_round_trips()
    {
        byte[] below = File.ReadAllBytes(_path);
        using var overlay = new MemoryOverlayBackend(new MemoryBackend([.. below], isReadOnly: true));
        byte[] two = Enumerable.Repeat((byte)9, 1024).ToArray();
        Assert.That(overlay.Write(1, two), Is.True);
        byte[] all = new byte[2048];
        Assert.That(overlay.Read(0, all), Is.True);
        Assert.That(all, Is.EqualTo(below[..512].Concat(two).Concat(below[1536..])));

        using var other = new MemoryOverlayBackend(new MemoryBackend(below));
        Assert.That(other.Write(3, two.AsSpan(0, 512)), Is.True);
        other.Restore(overlay.Save());
        byte[] restored = new byte[2048];
        Assert.That(other.Read(0, restored), Is.True);
        Assert.That(restored, Is.EqualTo(all));
        Assert.That(other.Save(), Is.EqualTo(overlay.Save()));
    }

    private SafeFileHandle OpenShared(FileAccess access) =>
        File.OpenHandle(_path, FileMode.Open, access, FileShare.ReadWrite);

    private sealed class SpyBackend(IBlockBackend below, Action onWrite) : IBlockBackend
    {
        public ulong CapacitySectors => below.CapacitySectors;

        public bool IsReadOnly => below.IsReadOnly;

        public bool Read(ulong sector, Span<byte> destination) => below.Read(sector, destination);

        public bool Write(ulong sector, ReadOnlySpan<byte> source)
        {
            onWrite();
            return below.Write(sector, source);
        }

        public bool Flush() => below.Flush();
    }
}
