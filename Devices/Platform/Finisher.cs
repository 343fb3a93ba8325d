using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Platform;

/// <summary>
/// SiFive's test device, by which a guest ends or resets the machine: <c>syscon-poweroff</c> and <c>syscon-reboot</c> of the
/// device tree lead here.
/// </summary>
public sealed class Finisher(IPlatformControl platform) : IMmioDevice, IStateful<FinisherState>, IRegisterMapped
{
    private const ulong Pass = 0x5555;
    private const ulong Fail = 0x3333;
    private const ulong ResetMachine = 0x7777;

    public string Name => "finisher";

    public AccessWidths Widths => AccessWidths.Half | AccessWidths.Word;

    public RegisterTable Registers => FinisherRegisters.Table;

    public BusStatus Read(ulong offset, int sizeBytes, out ulong value) => Peek(offset, sizeBytes, out value);

    public BusStatus Write(ulong offset, int sizeBytes, ulong value)
    {
        if (offset != 0)
        {
            return BusStatus.Ok;
        }

        switch (value & 0xffff)
        {
            case Pass:
                platform.PowerOff(0);
                break;
            case Fail:
                platform.PowerOff((int)((value >> 16) & 0xffff));
                break;
            case ResetMachine:
                platform.Reset();
                break;
        }

        return BusStatus.Ok;
    }

    public BusStatus Peek(ulong offset, int sizeBytes, out ulong value)
    {
        value = 0;
        return BusStatus.Ok;
    }

    public FinisherState Save() => new();

    public void Restore(FinisherState state)
    {
    }
}
