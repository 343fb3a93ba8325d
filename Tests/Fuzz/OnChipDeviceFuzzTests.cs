using System.Globalization;
using NUnit.Framework;
using RiscvXv6.Devices.Clint;
using RiscvXv6.Devices.Platform;
using RiscvXv6.Devices.Plic;
using RiscvXv6.Devices.Uart;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>The devices on the board's own bus, each through <see cref="DeviceFuzzHarness{TState}"/>.</summary>
public sealed class OnChipDeviceFuzzTests
{
    private const int HartCount = 2;

    [Test]
    public void The_plic_keeps_its_promises()
    {
        var plan = new FuzzPlan<PlicState>(PlicRegisters.SizeBytes, static rig =>
        {
            var harts = new PlicHartLines[HartCount];
            for (int hart = 0; hart < harts.Length; hart++)
            {
                harts[hart] = new PlicHartLines(rig.CreateLine(), rig.CreateLine());
            }

            var plic = new Plic(harts);
            return new FuzzSubject<PlicState>(plic, plic.Save, plic.Restore)
            {
                Inputs =
                [
                    n => plic.Source(Source(n)).Set((n & 1) != 0),
                    n => plic.Source(Source(n)).Pulse(),
                    n => ResetRarely(n, plic.Reset),
                ],
            };
        });

        FuzzBudget.Spend(plan.AimAt(PlicRegisters.CreateTable(2 * HartCount)));

        static int Source(int number) => 1 + (number >> 1) % (PlicRegisters.SourceCount - 1);
    }

    [Test]
    public void The_clint_and_the_supervisor_timer_keep_their_promises()
    {
        var plan = new FuzzPlan<ClintState>(ClintRegisters.SizeBytes, static rig =>
        {
            var time = new MachineTime(rig.Clock);
            var harts = new ClintHartLines[HartCount];
            for (int hart = 0; hart < harts.Length; hart++)
            {
                harts[hart] = new ClintHartLines(rig.CreateLine(), rig.CreateLine());
            }

            var clint = new Clint(time, rig.Scheduler, harts);
            return new FuzzSubject<ClintState>(clint, clint.Save, clint.Restore)
            {
                Inputs = [n => ResetRarely(n, clint.Reset)],
            };
        })
        {
            Values = [1, 5, 10, 100, ulong.MaxValue - 1, ulong.MaxValue / 100],
        };

        FuzzBudget.Spend(plan.AimAt(ClintRegisters.CreateTable(HartCount)));
    }

    [Test]
    public void The_uart_and_its_input_keep_their_promises()
    {
        var plan = new FuzzPlan<SerialLineState>(UartRegisters.SizeBytes, static rig =>
        {
            var uart = new Uart("uart0", rig.Clock, rig.Scheduler, new RecordingSink(rig), rig.CreateLine());
            var input = new SerialInput(uart, rig.Clock, rig.Scheduler, capacity: 32);
            input.SpaceAvailable += () => rig.Output.Add("space");
            return new FuzzSubject<SerialLineState>(uart, Save, Restore)
            {
                Inputs =
                [
                    n => input.Enqueue(Text(n)),
                    _ => input.EnqueueBreak(),
                    n => uart.TryReceive((byte)n),
                    n => ResetRarely(n, uart.Reset),
                ],
            };

            SerialLineState Save() => new(uart.Save(), input.Save());

            void Restore(SerialLineState state)
            {
                uart.Restore(state.Uart);
                input.Restore(state.Input);
            }
        })
        {
            TypicalCycles = 2_000_000,
            Values = [0x01, 0x07, 0x03, 0xc1, 0x80, 0x10],
        };

        FuzzBudget.Spend(plan.AimAt(UartRegisters.Table));

        static byte[] Text(int number) =>
            System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
    }

    [Test]
    public void The_rtc_keeps_its_promises()
    {
        var plan = new FuzzPlan<GoldfishRtcState>(GoldfishRtcRegisters.SizeBytes, static rig =>
        {
            var rtc = new GoldfishRtc(rig.Clock, rig.Scheduler, rig.CreateLine(), baseNs: 1_795_219_200_000_000_000);
            return new FuzzSubject<GoldfishRtcState>(rtc, rtc.Save, rtc.Restore)
            {
                Inputs = [n => ResetRarely(n, rtc.Reset)],
            };
        });

        FuzzBudget.Spend(plan.AimAt(GoldfishRtcRegisters.Table));
    }

    [Test]
    public void The_finisher_keeps_its_promises()
    {
        var plan = new FuzzPlan<FinisherState>(FinisherRegisters.SizeBytes, static rig =>
        {
            var finisher = new Finisher(new RecordingPlatform(rig));
            return new FuzzSubject<FinisherState>(finisher, finisher.Save, finisher.Restore);
        })
        {
            Values = [0x5555, 0x3333, 0x13333, 0x7777],
        };

        FuzzBudget.Spend(plan.AimAt(FinisherRegisters.Table));
    }

    private static void ResetRarely(int number, Action reset)
    {
        if (number % 20 == 0)
        {
            reset();
        }
    }

    private sealed record SerialLineState(UartState Uart, SerialInputState Input);

    private sealed class RecordingSink(FuzzRig rig) : ISerialSink
    {
        public void Transmit(byte value) => rig.Output.Add($"sent {value}");
    }

    private sealed class RecordingPlatform(FuzzRig rig) : IPlatformControl
    {
        public void PowerOff(int exitCode) => rig.Output.Add($"off {exitCode}");

        public void Reset() => rig.Output.Add("reset");
    }
}
