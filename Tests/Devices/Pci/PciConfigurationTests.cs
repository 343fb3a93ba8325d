using NUnit.Framework;
using RiscvXv6.Devices.Pci;

namespace RiscvXv6.Tests.Devices.Pci;

/// <summary>Expected values were read from qemu-system-riscv64 7.2 through its qtest port, but where a test says otherwise.</summary>
public sealed class PciConfigurationTests
{
    private PciHost _host = null!;
    private RegisterFileFunction _function = null!;

    [SetUp]
    public void Put_a_function_in_slot_1()
    {
        _host = new PciHost();
        _function = new RegisterFileFunction();
        _host.Bus.Attach(1, 0, _function);
    }

    [Test]
    public void The_host_bridge_looks_as_on_QEMU()
    {
        Assert.That(_host.Read(PciHost.Ecam), Is.EqualTo(0x0008_1b36));
        Assert.That(_host.Read(PciHost.Ecam + 0x04), Is.Zero);
        Assert.That(_host.Read(PciHost.Ecam + 0x08), Is.EqualTo(0x0600_0000));
        Assert.That(_host.Read(PciHost.Ecam + 0x0c), Is.Zero);
        Assert.That(_host.Read(PciHost.Ecam + 0x2c), Is.EqualTo(0x1100_1af4));
        Assert.That(_host.Read(PciHost.Ecam + 0x3c), Is.Zero);
        Assert.That(_host.Read(PciHost.Ecam + 0x100), Is.EqualTo(0xffff_ffff), "extended space");
    }

    [Test]
    public void xv6_finds_the_card_once_with_its_stride_of_0x2000_bytes()
    {
        // kernel/pci.c: a uint32 pointer indexed by (bus << 16) | (dev << 11) | (func << 8).
        var found = new List<int>();
        for (int dev = 0; dev < 32; dev++)
        {
            ulong address = PciHost.Ecam + 4 * (ulong)(dev << 11);
            if (_host.Read(address) == 0x100e_8086)
            {
                found.Add(dev);
                SetUpAsXv6Does(address);
            }
        }

        Assert.That(found, Is.EqualTo(new[] { 4 }));
        _host.Write(0x4001_0008, 0x1234_5678);
        Assert.That(_host.Read(0x4001_0008), Is.EqualTo(0x1234_5678));
    }

    [Test]
    public void Linux_finds_two_functions_and_sizes_their_registers()
    {
        var found = new List<string>();
        for (int bus = 0; bus < 256; bus++)
        {
            for (int device = 0; device < 32; device++)
            {
                for (int function = 0; function < 8; function++)
                {
                    ulong id = _host.Read(PciHost.ConfigAddress(bus, device, function, 0));
                    if ((ushort)id != 0xffff)
                    {
                        found.Add($"{bus:x2}:{device:x2}.{function} {id:x8}");
                    }
                }
            }
        }

        Assert.That(found, Is.EqualTo(new[] { "00:00.0 00081b36", "00:01.0 100e8086" }));
        ulong[] expected = [0xfffe_0000, 0xffff_ffc1, 0, 0, 0, 0];
        for (int bar = 0; bar < 6; bar++)
        {
            // Linux turns decoding off while it sizes.
            ulong command = PciHost.ConfigAddress(0, 1, 0, PciConfigOffset.Command);
            ulong at = PciHost.ConfigAddress(0, 1, 0, PciConfigOffset.Bar0 + 4 * bar);
            ulong original = _host.Read(at);
            _host.Write(command, 0, 2);
            _host.Write(at, 0xffff_ffff);
            Assert.That(_host.Read(at), Is.EqualTo(expected[bar]), $"BAR{bar}");
            _host.Write(at, original);
            Assert.That(_host.Read(at), Is.EqualTo(original));
        }

        Assert.That(_host.Read(PciHost.ConfigAddress(0, 1, 0, 0x30)), Is.Zero, "no expansion ROM: ours, not QEMU's");
    }

    [Test]
    public void Only_the_writable_bits_of_a_header_change()
    {
        ulong header = PciHost.ConfigAddress(0, 1, 0, 0);
        uint[] offsets = [0x00, 0x04, 0x08, 0x0c, 0x28, 0x2c, 0x34, 0x38, 0x3c];
        ulong[] afterOnes = [0x100e_8086, 0x0507, 0x0200_0003, 0xff, 0, 0x1100_1af4, 0, 0, 0x1ff];
        ulong[] afterZeros = [0x100e_8086, 0, 0x0200_0003, 0, 0, 0x1100_1af4, 0, 0, 0x100];
        for (int i = 0; i < offsets.Length; i++)
        {
            _host.Write(header + offsets[i], 0xffff_ffff);
            Assert.That(_host.Read(header + offsets[i]), Is.EqualTo(afterOnes[i]), $"0x{offsets[i]:x}");
            _host.Write(header + offsets[i], 0);
            Assert.That(_host.Read(header + offsets[i]), Is.EqualTo(afterZeros[i]), $"0x{offsets[i]:x}");
        }
    }

    [Test]
    public void Configuration_answers_bytes_halves_words_and_double_words()
    {
        ulong header = PciHost.ConfigAddress(0, 1, 0, 0);
        _host.Write(header + 4, 7, 1);
        Assert.That(_host.Read(header, 1), Is.EqualTo(0x86));
        Assert.That(_host.Read(header + 1, 1), Is.EqualTo(0x80));
        Assert.That(_host.Read(header + 2, 2), Is.EqualTo(0x100e));
        Assert.That(_host.Read(header, 8), Is.EqualTo(0x0000_0007_100e_8086));
        _host.Write(header + 0x12, 0x4002, 2);
        Assert.That(_host.Read(header + 0x10), Is.EqualTo(0x4002_0000));
        _host.Write(header + 0x13, 0x41, 1);
        Assert.That(_host.Read(header + 0x10), Is.EqualTo(0x4102_0000));
        Assert.That(_host.Read(PciHost.ConfigAddress(0, 2, 0, 0), 1), Is.EqualTo(0xff), "absent");
        Assert.That(_host.Read(PciHost.ConfigAddress(0, 2, 0, 0), 8), Is.EqualTo(ulong.MaxValue), "absent");
    }

    [Test]
    public void Writes_to_a_function_that_does_not_exist_vanish()
    {
        _host.Write(PciHost.ConfigAddress(0, 1, 1, 4), 7);
        _host.Write(PciHost.ConfigAddress(1, 1, 0, 4), 7);
        _host.Write(PciHost.ConfigAddress(0, 1, 0, 0x104), 7);
        Assert.That(_host.Read(PciHost.ConfigAddress(0, 1, 0, 4)), Is.Zero);
        Assert.That(_host.Read(PciHost.ConfigAddress(0, 1, 1, 4)), Is.EqualTo(0xffff_ffff));
    }

    [Test]
    public void A_capability_list_can_be_walked()
    {
        int first = _function.Config.AddCapability(0x01, [0x03, 0x00, 0x00, 0x00, 0, 0], [0, 0, 3, 0, 0, 0]);
        int second = _function.Config.AddCapability(0x09, [3], [0]);
        ulong header = PciHost.ConfigAddress(0, 1, 0, 0);

        Assert.That(_host.Read(header + 6, 2), Is.EqualTo(0x10), "status: capabilities list");
        Assert.That(_host.Read(header + 0x34, 1), Is.EqualTo(0x40));
        Assert.That((first, second), Is.EqualTo((0x40, 0x48)));
        Assert.That(_host.Read(header + 0x40), Is.EqualTo(0x0003_4801));
        Assert.That(_host.Read(header + 0x48), Is.EqualTo(0x0003_0009));
        _host.Write(header + 0x44, 0xffff_ffff);
        Assert.That(_host.Read(header + 0x44), Is.EqualTo(3), "only the power state can be written");
        _function.Config.Reset();
        Assert.That(_host.Read(header + 0x44), Is.Zero);
    }

    [Test]
    public void Two_functions_in_one_place_are_a_mistake()
    {
        Assert.That(() => _host.Bus.Attach(1, 0, new RegisterFileFunction()), Throws.ArgumentException);
        Assert.That(() => _host.Bus.Attach(0, 0, new RegisterFileFunction()), Throws.ArgumentException);
        Assert.That(() => _host.Bus.Attach(32, 0, new RegisterFileFunction()), Throws.ArgumentException);
    }

    [Test]
    public void A_snapshot_round_trips()
    {
        SetUpAsXv6Does(PciHost.ConfigAddress(0, 1, 0, 0));
        _function.Config.SetInterrupt(true);
        var other = new PciHost();
        other.Bus.Attach(1, 0, new RegisterFileFunction());
        other.Bus.Restore(_host.Bus.Save());

        Assert.That(other.Bus.Save(), Is.EqualTo(_host.Bus.Save()));
        Assert.That(other.Lines[1].IsUp, Is.True);
        Assert.That(other.Read(PciHost.ConfigAddress(0, 1, 0, 0x10)), Is.EqualTo(0x4000_0000));
    }

    [Test]
    public void A_reset_of_the_bus_forgets_what_software_wrote()
    {
        var fresh = _host.Bus.Save();
        SetUpAsXv6Does(PciHost.ConfigAddress(0, 1, 0, 0));
        _host.Write(0x4000_0000, 5);
        _function.Config.SetInterrupt(true);
        Assert.That(_host.Bus.Save(), Is.Not.EqualTo(fresh), "negative control");
        _host.Bus.Reset();
        Assert.That(_host.Bus.Save(), Is.EqualTo(fresh));
        Assert.That(_host.Lines[1].IsUp, Is.False);
        _function.PeekBar(0, 0, 4, out uint value);
        Assert.That(value, Is.Zero);
    }

    /// <summary>kernel/pci.c: command = 7, then each BAR all ones, read, and restored with decoding on.</summary>
    private void SetUpAsXv6Does(ulong header)
    {
        _host.Write(header + 4, 7);
        for (ulong at = header + 0x10; at < header + 0x28; at += 4)
        {
            ulong old = _host.Read(at);
            _host.Write(at, 0xffff_ffff);
            _host.Read(at);
            _host.Write(at, old);
        }

        _host.Write(header + 0x10, 0x4000_0000);
    }
}
