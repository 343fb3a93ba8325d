using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Interrupts;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>Negative controls: a device with one fault to order, which the harness must catch, and without, which it must let pass.</summary>
public sealed class DeviceFuzzHarnessTests
{
    public enum Fault
    {
        None,
        Throws,
        ThrowsInEvent,
        ForgetsField,
        ForgetsDeadline,
        PeekMutates,
        PeekLies,
        WideValue,
        StickyLine,
        RestoreLeavesLine,
        ForgetsDmaBase,
        Hangs,
    }

    [Test]
    public void A_sound_device_passes() => Assert.That(() => Fuzz(Fault.None), Throws.Nothing);

    [TestCase(Fault.Throws, "it threw InvalidOperationException")]
    [TestCase(Fault.ThrowsInEvent, "it threw InvalidOperationException")]
    [TestCase(Fault.ForgetsField, "a restored state is saved as another one|the restored twin differs")]
    [TestCase(Fault.ForgetsDeadline, "a restored state is saved as another one")]
    [TestCase(Fault.PeekMutates, "a peek changed the state")]
    [TestCase(Fault.PeekLies, "a load returned .*, a peek")]
    [TestCase(Fault.WideValue, "more bits than its width")]
    [TestCase(Fault.StickyLine, "lines")]
    [TestCase(Fault.RestoreLeavesLine, "lines at other levels")]
    [TestCase(Fault.ForgetsDmaBase, "the restored twin left other memory")]
    public void A_faulty_device_is_caught(Fault fault, string complaint) =>
        Assert.That(() => Fuzz(fault), Throws.InstanceOf<FuzzFailureException>().With.Message.Matches(complaint));

    [Test]
    public void A_device_that_hangs_is_caught()
    {
        using var release = new CancellationTokenSource();
        Assert.That(
            () => Fuzz(Fault.Hangs, release.Token, TimeSpan.FromMilliseconds(500)),
            Throws.InstanceOf<FuzzFailureException>().With.Message.Contains("it hangs"));
        release.Cancel();
    }

    [Test]
    public void A_failure_names_the_seed_and_the_last_steps() =>
        Assert.That(
            () => Fuzz(Fault.Throws),
            Throws.InstanceOf<FuzzFailureException>().With.Message.Matches("(?s)seed 7, step \\d+.*store 4 bytes 0x"));

    private static void Fuzz(Fault fault, CancellationToken release = default, TimeSpan? limit = null)
    {
        var plan = new FuzzPlan<ControlState>(0x20, rig =>
        {
            var device = new ControlDevice(fault, rig.CreateLine(), rig.Scheduler, rig.Clock, rig.Memory, release);
            return new FuzzSubject<ControlState>(device, device.Save, device.Restore);
        })
        {
            Offsets = [0, 4, 8, 12],
            UsesMemory = true,
        };
        FuzzBudget.Run(plan, seed: 7, steps: 5_000, limit ?? TimeSpan.FromSeconds(20), limit ?? TimeSpan.FromSeconds(20));
    }

    private sealed record ControlState(uint Value, uint Counter, bool IsPending, uint DmaOffset, ulong DeadlineCycles);

    /// <summary>
    /// 0x0: a value; its bit 0 is the line. 0x4: loads so far, which a load counts. 0x8: cycles until the value's bit 0 is set.
    /// 0xc: a load puts the counter into memory where the last store said.
    /// </summary>
    private sealed class ControlDevice : IMmioDevice
    {
        private readonly Fault _fault;
        private readonly IInterruptLine _line;
        private readonly IGuestClock _clock;
        private readonly IDmaMemory _memory;
        private readonly CancellationToken _release;
        private readonly ScheduledEvent _event;
        private uint _value;
        private uint _counter;
        private bool _isPending;
        private uint _dmaOffset;
        private uint _dmaBase;

        public ControlDevice(
            Fault fault,
            IInterruptLine line,
            EventScheduler scheduler,
            IGuestClock clock,
            IDmaMemory memory,
            CancellationToken release)
        {
            _fault = fault;
            _line = line;
            _clock = clock;
            _memory = memory;
            _release = release;
            _event = scheduler.Create("control", Expire);
        }

        public string Name => "control";

        public AccessWidths Widths => AccessWidths.Word;

        public BusStatus Read(ulong offset, int sizeBytes, out ulong value)
        {
            Peek(offset, sizeBytes, out value);
            value = _fault == Fault.PeekLies && offset == 4 ? value + 1 : value;
            value = _fault == Fault.WideValue && offset == 0 ? value | 1ul << 32 : value;
            if (offset == 4)
            {
                _counter++;
            }
            else if (offset == 0xc)
            {
                _memory.TryWriteUInt32(FuzzRig.MemoryRange.Base + _dmaBase + (_dmaOffset & 0xff00), _counter);
            }

            return BusStatus.Ok;
        }

        public BusStatus Write(ulong offset, int sizeBytes, ulong value)
        {
            switch (offset)
            {
                case 0:
                    _value = (uint)value;
                    _isPending = (_value & 1) != 0;
                    break;
                case 8:
                    _event.ScheduleAt(_clock.NowCycles + (value & 0xfff));
                    break;
                case 0xc:
                    _dmaOffset = (uint)value;
                    break;
            }

            if (_fault == Fault.Throws && (uint)value == 0xffffffff)
            {
                throw new InvalidOperationException("as ordered");
            }

            while (_fault == Fault.Hangs && !_release.IsCancellationRequested)
            {
                Thread.Yield();
            }

            UpdateInterrupt();
            return BusStatus.Ok;
        }

        public BusStatus Peek(ulong offset, int sizeBytes, out ulong value)
        {
            if (_fault == Fault.PeekMutates && offset == 8)
            {
                _counter++;
            }

            value = offset switch
            {
                0 => _value,
                4 => _counter,
                _ => 0,
            };
            value |= _fault == Fault.WideValue && offset == 0 ? 1ul << 32 : 0;
            return BusStatus.Ok;
        }

        public ControlState Save() => new(
            _value, _counter, _isPending, _dmaOffset, _event.IsScheduled ? _event.DeadlineCycles : EventScheduler.Never);

        public void Restore(ControlState state)
        {
            (_value, uint counter, _isPending, uint dmaOffset, ulong deadline) = state;
            _counter = _fault == Fault.ForgetsField ? 0 : counter;
            _dmaOffset = dmaOffset;
            _dmaBase = _fault == Fault.ForgetsDmaBase ? 0x10u : 0;

            if (deadline == EventScheduler.Never)
            {
                _event.Cancel();
            }
            else
            {
                _event.ScheduleAt(_fault == Fault.ForgetsDeadline ? deadline + 100 : deadline);
            }

            if (_fault != Fault.RestoreLeavesLine)
            {
                UpdateInterrupt();
            }
        }

        private void Expire()
        {
            if (_fault == Fault.ThrowsInEvent)
            {
                throw new InvalidOperationException("as ordered");
            }

            _value |= 1;
            _isPending = true;
            UpdateInterrupt();
        }

        private void UpdateInterrupt()
        {
            if (_isPending || _fault != Fault.StickyLine)
            {
                _line.Set(_isPending);
            }
        }
    }
}
