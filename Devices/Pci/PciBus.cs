using RiscvXv6.Devices.Interrupts;
using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Pci;

/// <summary>
/// Bus 0: which functions exist, what they decode, and how their interrupt pins share the host's four lines. There are
/// no bridges and so no other buses. It saves and restores the configuration spaces; what else a function holds is saved
/// by the function.
/// </summary>
public sealed class PciBus : IStateful<PciBusState>
{
    public const int DeviceCount = 32;
    public const int FunctionCount = 8;

    /// <summary>INTA to INTD as the host sees them.</summary>
    public const int InterruptLineCount = 4;

    private readonly IPciFunction?[] _functions = new IPciFunction?[DeviceCount * FunctionCount];
    private readonly List<Slot> _attached = [];
    private readonly IInterruptLine[] _lines;

    /// <param name="interruptLines">Four: PLIC sources 32 to 35 on <c>virt</c>.</param>
    public PciBus(params ReadOnlySpan<IInterruptLine> interruptLines)
    {
        if (interruptLines.Length != InterruptLineCount)
        {
            throw new ArgumentException("a PCI host has four interrupt lines", nameof(interruptLines));
        }

        _lines = interruptLines.ToArray();
        Attach(0, 0, new PciHostBridge());
    }

    private readonly record struct Slot(int Device, IPciFunction Function);

    /// <summary>Puts a function on the bus before anything runs.</summary>
    /// <exception cref="ArgumentException">The place is taken or does not exist: a mistake in the machine's assembly.</exception>
    public void Attach(int device, int function, IPciFunction pciFunction)
    {
        if (device is < 0 or >= DeviceCount || function is < 0 or >= FunctionCount)
        {
            throw new ArgumentException($"00:{device:x2}.{function} is no place on a PCI bus");
        }

        int index = device * FunctionCount + function;
        if (_functions[index] is { } present)
        {
            throw new ArgumentException($"{pciFunction.Name} at 00:{device:x2}.{function}: {present.Name} is there");
        }

        _functions[index] = pciFunction;
        _attached.Add(new Slot(device, pciFunction));
        pciFunction.Config.InterruptChanged = UpdateInterrupt;
        UpdateInterrupt();
    }

    /// <summary>The function at 00:device.function, or null.</summary>
    public IPciFunction? Find(int device, int function) => _functions[device * FunctionCount + function];

    /// <summary>Resets every function and its configuration space.</summary>
    public void Reset()
    {
        foreach (var (_, function) in _attached)
        {
            function.Reset();
            function.Config.Reset();
        }
    }

    public PciBusState Save() =>
        new(new ValueArray<PciConfigState>([.. _attached.Select(static slot => slot.Function.Config.Save())]));

    public void Restore(PciBusState state)
    {
        var functions = state.Functions;
        for (int i = 0; i < _attached.Count; i++)
        {
            _attached[i].Function.Config.Restore(functions[i]);
        }
    }

    /// <summary>The function that decodes an address, or null. Of two that overlap, the one attached first answers.</summary>
    internal IPciFunction? Decode(PciSpace space, ulong address, out int barIndex, out uint offset)
    {
        foreach (var (_, function) in _attached)
        {
            if (function.Config.TryDecode(space, address, out barIndex, out offset))
            {
                return function;
            }
        }

        barIndex = -1;
        offset = 0;
        return null;
    }

    /// <summary>Each line is the OR of the pins that lead to it: pin INTA of slot 1 leads to line 1.</summary>
    private void UpdateInterrupt()
    {
        int asserted = 0;
        foreach (var (device, function) in _attached)
        {
            if (function.Config is { InterruptPin: > 0, InterruptLevel: true } config)
            {
                asserted |= 1 << ((config.InterruptPin - 1 + device) % InterruptLineCount);
            }
        }

        for (int i = 0; i < InterruptLineCount; i++)
        {
            _lines[i].Set((asserted & (1 << i)) != 0);
        }
    }
}
