using System.Text;
using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Benchmarks;

/// <summary>
/// Architecture rule 11: once booted, a machine allocates nothing, neither per instruction nor per trap, page fault, interrupt
/// or device access. Each guest runs from just after its boot to its own end.
/// </summary>
public sealed class AllocationTests
{
    [TestCase("integer-short", 20_000_000u)]
    [TestCase("memory-sv39-short", 18_000_000u)]
    [TestCase("calls-short", 16_000_000u)]
    public void A_computing_guest_allocates_nothing(string name, uint instructionsMin)
    {
        var console = new BufferConsole();
        var measured = AllocationProbe.Measure(
            new GuestRequest(RepositoryFiles.PathOf("Benchmarks", "Guests", "built", name + ".elf")), console);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(measured.Exit.Kind, Is.EqualTo(MachineExitKind.PowerOff));
            Assert.That(measured.Instructions, Is.GreaterThan(instructionsMin));
            Assert.That(console.Text, Does.StartWith("checksum "));
            Assert.That(measured.Bytes, Is.Zero);
        }
    }

    [TestCase("trampoline", 1)]
    [TestCase("user-mode", 1)]
    [TestCase("ad-bits", 1)]
    [TestCase("superpages", 1)]
    [TestCase("misaligned", 1)]
    [TestCase("fp-off", 1)]
    [TestCase("pmp-tor-2021", 1)]
    [TestCase("no-pmp-2019", 1)]
    [TestCase("stimecmp-2024", 1)]
    [TestCase("wfi-with-interrupts-off", 1)]
    [TestCase("ssip-from-machine-timer", 1)]
    [TestCase("uart-tx-interrupts-without-isr-read", 1)]
    [TestCase("plic-width", 1)]
    [TestCase("ecam-stride", 1)]
    [TestCase("rtc-reads", 1)]
    [TestCase("code-pages-reused-without-fence-i", 1)]
    [TestCase("code-written-by-another-hart", 2)]
    [TestCase("busy-idle-2021", 3)]
    [TestCase("lr-sc-contention", 4)]
    public void A_guest_that_traps_and_drives_devices_allocates_nothing(string name, int harts) =>
        PassesWithoutAllocating(new GuestRequest(RepositoryFiles.ContractGuest(name)) { Harts = harts });

    [TestCase("virtio-modern-2022", false)]
    [TestCase("virtio-legacy-2020", true)]
    [TestCase("code-loaded-by-dma", false)]
    public void A_guest_that_reads_and_writes_a_disk_allocates_nothing(string name, bool legacy) =>
        PassesWithoutAllocating(new GuestRequest(RepositoryFiles.ContractGuest(name))
        {
            LegacyVirtio = legacy,
            Disks = [Contract.PatternDisk.Create()],
        });

    [Test]
    public void One_object_for_each_byte_printed_is_noticed()
    {
        var measured = AllocationProbe.Measure(
            new GuestRequest(RepositoryFiles.ContractGuest("plic-width")), new WastefulConsole());
        int objects = "PASS plic-width\n".Length;
        Assert.That(measured.Bytes, Is.EqualTo(objects * WastefulConsole.ObjectBytes));
    }

    private static void PassesWithoutAllocating(GuestRequest request)
    {
        var console = new BufferConsole();
        var measured = AllocationProbe.Measure(request, console);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(measured.Exit, Is.EqualTo(new MachineExit(MachineExitKind.PowerOff)));
            Assert.That(console.Text, Does.EndWith($"PASS {Path.GetFileNameWithoutExtension(request.ElfPath)}\n"));
            Assert.That(measured.Bytes, Is.Zero);
        }
    }

    /// <summary>Keeps the last 64 KiB of output in memory that it has had all along.</summary>
    private sealed class BufferConsole : IConsoleSink
    {
        private readonly byte[] _bytes = new byte[1 << 16];
        private int _count;

        public string Text => Encoding.Latin1.GetString(_bytes, 0, _count);

        public void Write(byte value)
        {
            if (_count < _bytes.Length)
            {
                _bytes[_count++] = value;
            }
        }

        public void Flush()
        {
        }
    }

    /// <summary>The negative control: the machine's thread allocates for each byte.</summary>
    private sealed class WastefulConsole : IConsoleSink
    {
        /// <summary>Header, method table, length, and eight bytes, on a 64-bit host.</summary>
        public const int ObjectBytes = 32;

        public byte[] Last { get; private set; } = [];

        public void Write(byte value) => Last = new byte[8];

        public void Flush()
        {
        }
    }
}
