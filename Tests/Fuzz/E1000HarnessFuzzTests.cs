using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Pci;
using Card = RiscvXv6.Devices.E1000.E1000;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// The card in the harness that all devices have: beside a twin that is made anew from its saved state every now and
/// then, which has to see, send, write and interrupt the same.
/// </summary>
public sealed class E1000HarnessFuzzTests
{
    private const uint ReceiveRing = 0x8000_0000;
    private const uint TransmitRing = 0x8000_0800;

    [Test]
    public void A_card_restored_anew_every_now_and_then_goes_on_like_the_first()
    {
        int frames = 0;
        var plan = new FuzzPlan<CardState>(E1000Registers.MemoryBytes, rig =>
        {
            var window = new Window(rig, () => frames++);
            return new FuzzSubject<CardState>(window, window.Save, window.Restore)
            {
                Inputs = [window.Drive, window.HandOver, window.HandOver, window.Deliver, window.Deliver, window.Disturb],
            };
        })
        {
            TypicalCycles = 20_000,
            UsesMemory = true,
            Values = [0x0400_8002, 0x0003_3fff, 0x0400_0000, 0x4000_0041, 0x8000_0000, 0x80, 0x1_ffff],
        };

        FuzzBudget.Spend(plan.AimAt(E1000Registers.Table));
        Assert.That(frames, Is.GreaterThan(100), "packets get as far as the wire");
    }

    private sealed record CardState(E1000State Card, PciConfigState Config);

    private sealed class Window : IMmioDevice, INetworkBackend
    {
        private readonly FuzzRig _rig;
        private readonly Card _card;
        private readonly Action _sent;
        private readonly RiscvXv6.Tests.Devices.Interrupts.RecordingLine _line;

        public Window(FuzzRig rig, Action sent)
        {
            _rig = rig;
            _sent = sent;
            _line = rig.CreateLine();
            _card = new Card("e1000", new E1000Options(E1000Options.DefaultMac), rig.Memory, rig.Clock, rig.Scheduler, this);
            var bus = new PciBus(rig.CreateLine(), _line, rig.CreateLine(), rig.CreateLine());
            bus.Attach(1, 0, _card);
            _card.Config.Write(PciConfigOffset.Command, 2, 7);
        }

        public string Name => _card.Name;

        public AccessWidths Widths => AccessWidths.Word;

        public BusStatus Read(ulong offset, int sizeBytes, out ulong value)
        {
            var status = _card.ReadBar(0, (uint)offset, sizeBytes, out uint read);
            value = read;
            return status;
        }

        public BusStatus Write(ulong offset, int sizeBytes, ulong value) =>
            _card.WriteBar(0, (uint)offset, sizeBytes, (uint)value);

        public BusStatus Peek(ulong offset, int sizeBytes, out ulong value)
        {
            var status = _card.PeekBar(0, (uint)offset, sizeBytes, out uint read);
            value = read;
            return status;
        }

        public CardState Save() => new(_card.Save(), _card.Config.Save());

        public void Restore(CardState state)
        {
            _card.Config.Restore(state.Config);
            _card.Restore(state.Card);
        }

        /// <summary>Sets rings up as a driver does.</summary>
        public void Drive(int number)
        {
            var random = new Random(number);
            if (random.Next(6) != 0)
            {
                return;
            }

            Set(0x100, 0);
            Set(0x400, 0);
            Set(0, 0x41 | (uint)random.Next(2) << 30);
            SetRing(0x2800, ReceiveRing, 8u << random.Next(4));
            SetRing(0x3800, TransmitRing, 8u << random.Next(4));
            Set(0x2820, random.Next(2) == 0 ? 0 : (uint)random.Next(20));
            Set(0x2828, 1u << 24 | (uint)random.Next(6) << 16 | (uint)random.Next(6));
            Set(0x3828, 1u << 24 | (uint)random.Next(6) << 16 | (uint)random.Next(6));
            Set(0xd0, 0x1_ffff);
            Set(0x100, 2 | 1u << 15 | (uint)random.Next(4) << 16 | (uint)random.Next(2) << 26);
            Set(0x400, 2 | (uint)random.Next(2) << 3);
        }

        public void HandOver(int number)
        {
            var random = new Random(number);
            var weather = new E1000FuzzWeather(random, FuzzRig.MemoryRange.Base, FuzzRig.MemoryRange.SizeBytes);
            bool isReceive = random.Next(2) == 0;
            uint block = isReceive ? 0x2800u : 0x3800;
            uint count = Get(block + 8) / 16;
            Span<byte> descriptor = stackalloc byte[16];
            uint tail = Get(block + 0x18);
            for (int left = count == 0 ? 0 : random.Next(1, 10); left > 0; left--)
            {
                if (isReceive)
                {
                    weather.ReceiveDescriptor(descriptor);
                }
                else
                {
                    weather.TransmitDescriptor(descriptor);
                }

                _rig.Memory.TryWrite(Get(block) + 16 * (tail % count), descriptor);
                tail = (tail + 1) % count;
            }

            Set(block + 0x18, tail);
        }

        public void Deliver(int number)
        {
            var random = new Random(number);
            var weather = new E1000FuzzWeather(random, FuzzRig.MemoryRange.Base, FuzzRig.MemoryRange.SizeBytes);
            var frame = new byte[2_000];
            for (int left = random.Next(1, 6); left > 0; left--)
            {
                int length = weather.Frame(frame, out var info);
                _card.Receive(frame.AsSpan(0, length), info);
            }
        }

        public void Disturb(int number)
        {
            switch (number % 16)
            {
                case 0:
                    _card.Config.Reset();
                    _card.Reset();
                    break;
                case < 4:
                    _card.SetLink(number % 3 != 0);
                    break;
                case < 8:
                    _card.Config.Write(PciConfigOffset.Command, 2, 3);
                    break;
                default:
                    _card.Config.Write(PciConfigOffset.Command, 2, 7);
                    break;
            }
        }

        public void Connect(INetworkClient client)
        {
        }

        public void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
        {
            _sent();
            _rig.Output.Add($"sent {Convert.ToHexString(frame)} {info} at {_rig.Clock.NowCycles}");
        }

        public void ReceiveRoomAvailable() => _rig.Output.Add("room");

        void INetworkBackend.Reset()
        {
        }

        private uint Get(uint offset)
        {
            _card.PeekBar(0, offset, 4, out uint value);
            return value;
        }

        private void Set(uint offset, uint value) => _card.WriteBar(0, offset, 4, value);

        private void SetRing(uint block, uint start, uint count)
        {
            Set(block, start);
            Set(block + 4, 0);
            Set(block + 8, 16 * count);
            Set(block + 0x10, 0);
            Set(block + 0x18, 0);
        }
    }
}
