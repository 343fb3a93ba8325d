using NUnit.Framework;
using RiscvXv6.Devices.Interrupts;
using RiscvXv6.Devices.Plic;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Devices.Uart;
using RiscvXv6.Tests.Devices.Interrupts;
using PlicDevice = RiscvXv6.Devices.Plic.Plic;
using UartDevice = RiscvXv6.Devices.Uart.Uart;

namespace RiscvXv6.Tests.Devices.Uart;

/// <summary>
/// UART and PLIC together under the console drivers of the xv6 editions, as far as they touch these two: nobody may wait for
/// an interrupt that never comes, and nobody may be interrupted for ever.
/// </summary>
public sealed class UartWithPlicTests : ISerialSink
{
    private const int Source = 10;
    private const ulong Claim = 0x201004;

    private readonly List<byte> _received = [];
    private readonly List<byte> _sent = [];
    private readonly Queue<byte> _toSend = new();
    private GuestClock _clock = null!;
    private EventScheduler _scheduler = null!;
    private RecordingLine _supervisor = null!;
    private PlicDevice _plic = null!;
    private UartDevice _uart = null!;
    private int _interrupts;

    public enum Edition
    {
        /// <summary>2019: the receiver's interrupt only, output by polling.</summary>
        Of2019,

        /// <summary>2020 to 2022: both interrupts, and IIR is never read.</summary>
        Of2020,

        /// <summary>2023 on: both interrupts, and the handler reads IIR first.</summary>
        Of2023,

        /// <summary>A driver that takes one byte per interrupt and trusts the controller to come back.</summary>
        OneByteEach,
    }

    public void Transmit(byte value) => _sent.Add(value);

    [Test]
    public void Every_byte_typed_reaches_the_driver([Values] Edition edition)
    {
        Boot(edition);
        foreach (byte b in "make qemu\n"u8)
        {
            _uart.TryReceive(b);
            TakeInterrupts(edition);
        }

        Assert.That(_received, Is.EqualTo("make qemu\n"u8.ToArray()));
    }

    [Test]
    public void Bytes_that_came_together_all_reach_the_driver([Values] Edition edition)
    {
        Boot(edition);
        foreach (byte b in "ls\nexit\n"u8)
        {
            _uart.TryReceive(b);
        }

        TakeInterrupts(edition);

        Assert.That(_received, Is.EqualTo("ls\nexit\n"u8.ToArray()));
    }

    [Test]
    public void Output_between_input_loses_neither([Values] Edition edition)
    {
        Boot(edition);
        foreach (byte b in "abc"u8)
        {
            Put("$ "u8);
            TakeInterrupts(edition);
            _uart.TryReceive(b);
            TakeInterrupts(edition);
        }

        Assert.That(_received, Is.EqualTo("abc"u8.ToArray()));
        Assert.That(_sent, Is.EqualTo("$ $ $ "u8.ToArray()));
    }

    [Test]
    public void A_driver_at_rest_is_not_interrupted_for_ever([Values] Edition edition)
    {
        Boot(edition);
        Put("hello\n"u8);
        TakeInterrupts(edition);
        int before = _interrupts;

        TakeInterrupts(edition);

        Assert.That(_interrupts, Is.EqualTo(before));
        Assert.That(_interrupts, Is.LessThan(20));
    }

    [Test]
    public void Without_being_told_anew_the_driver_of_2020_would_miss_what_is_typed()
    {
        Boot(Edition.Of2020, static line => new LevelOnly(line));
        _uart.TryReceive((byte)'a');
        TakeInterrupts(Edition.Of2020);

        Assert.That(_received, Is.Empty);
    }

    private void Boot(Edition edition) => Boot(edition, static line => line);

    private void Boot(Edition edition, Func<IInterruptLine, IInterruptLine> wire)
    {
        _received.Clear();
        _sent.Clear();
        _toSend.Clear();
        _interrupts = 0;
        _clock = new GuestClock();
        _scheduler = new EventScheduler(_clock);
        _supervisor = new RecordingLine();
        _plic = new PlicDevice([new PlicHartLines(new RecordingLine(), _supervisor)]);
        _uart = new UartDevice("uart0", _clock, _scheduler, this, wire(_plic.Source(Source)));
        _plic.Write(4 * Source, 4, 1);
        _plic.Write(0x2080, 4, 1u << Source);
        _uart.Write(1, 1, 0x00);
        _uart.Write(3, 1, 0x80);
        _uart.Write(0, 1, 0x03);
        _uart.Write(1, 1, 0x00);
        _uart.Write(3, 1, 0x03);
        _uart.Write(2, 1, 0x07);
        _uart.Write(1, 1, edition is Edition.Of2020 or Edition.Of2023 ? 0x03u : 0x01u);
        TakeInterrupts(edition);
    }

    /// <summary>xv6's devintr: claim, handle, complete, as long as the hart is interrupted.</summary>
    private void TakeInterrupts(Edition edition)
    {
        while (_supervisor.IsUp && _interrupts < 1_000)
        {
            _interrupts++;
            _plic.Read(Claim, 4, out ulong source);
            if (source == Source)
            {
                HandleUart(edition);
            }

            _plic.Write(Claim, 4, source);
        }
    }

    private void HandleUart(Edition edition)
    {
        if (edition == Edition.Of2023)
        {
            _uart.Read(2, 1, out _);
        }

        while ((LineStatus() & 0x01) != 0)
        {
            _uart.Read(0, 1, out ulong value);
            _received.Add((byte)value);
            if (edition == Edition.OneByteEach)
            {
                break;
            }
        }

        StartOutput();
    }

    private void Put(ReadOnlySpan<byte> text)
    {
        foreach (byte b in text)
        {
            _toSend.Enqueue(b);
        }

        StartOutput();
    }

    private void StartOutput()
    {
        while (_toSend.Count > 0 && (LineStatus() & 0x20) != 0)
        {
            _uart.Write(0, 1, _toSend.Dequeue());
        }
    }

    private ulong LineStatus()
    {
        _uart.Read(5, 1, out ulong status);
        return status;
    }

    /// <summary>A wire that carries a level and nothing else.</summary>
    private sealed class LevelOnly(IInterruptLine line) : IInterruptLine
    {
        public void Set(bool asserted) => line.Set(asserted);

        public void Pulse() => line.Set(true);
    }
}
