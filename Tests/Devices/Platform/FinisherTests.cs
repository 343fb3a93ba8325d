using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Platform;

namespace RiscvXv6.Tests.Devices.Platform;

public sealed class FinisherTests
{
    private const ulong Base = 0x100000;

    private readonly RecordingPlatform _platform = new();
    private readonly SystemBus _bus = new();

    internal static Finisher CreateDevice() => new(new RecordingPlatform());

    [OneTimeSetUp]
    public void Map() =>
        _bus.Map(new AddressRange(Base, FinisherRegisters.SizeBytes), new Finisher(_platform), AccessCost.OnChip);

    [SetUp]
    public void Forget() => _platform.Requests.Clear();

    [TestCase(4, 0x5555ul, "off 0")]
    [TestCase(2, 0x5555ul, "off 0")]
    [TestCase(4, 0xffff5555ul, "off 0")]
    [TestCase(4, 0x00013333ul, "off 1")]
    [TestCase(4, 0xffff3333ul, "off 65535")]
    [TestCase(2, 0x3333ul, "off 0")]
    [TestCase(4, 0x7777ul, "reset")]
    [TestCase(2, 0x7777ul, "reset")]
    public void A_store_of_a_command_does_what_it_says(int sizeBytes, ulong value, string expected)
    {
        Assert.That(_bus.WriteDevice(Base, sizeBytes, value, out _), Is.EqualTo(BusStatus.Ok));

        Assert.That(_platform.Requests, Is.EqualTo(new[] { expected }));
    }

    [TestCase(0ul, 0x1234ul)]
    [TestCase(0ul, 0ul)]
    [TestCase(4ul, 0x5555ul)]
    [TestCase(0xffcul, 0x5555ul)]
    public void Any_other_store_does_nothing(ulong offset, ulong value)
    {
        Assert.That(_bus.WriteDevice(Base + offset, 4, value, out _), Is.EqualTo(BusStatus.Ok));

        Assert.That(_platform.Requests, Is.Empty);
    }

    [TestCase(1)]
    [TestCase(8)]
    public void Bytes_and_doublewords_fault(int sizeBytes)
    {
        Assert.That(_bus.WriteDevice(Base, sizeBytes, 0x55, out _), Is.EqualTo(BusStatus.Fault));

        Assert.That(_platform.Requests, Is.Empty);
    }

    [Test]
    public void Loads_return_zero()
    {
        Assert.That(_bus.ReadDevice(Base, 4, out ulong value, out _), Is.EqualTo(BusStatus.Ok));

        Assert.That(value, Is.Zero);
    }

    private sealed class RecordingPlatform : IPlatformControl
    {
        public List<string> Requests { get; } = [];

        public void PowerOff(int exitCode) => Requests.Add($"off {exitCode}");

        public void Reset() => Requests.Add("reset");
    }
}
