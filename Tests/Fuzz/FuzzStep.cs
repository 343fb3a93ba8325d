namespace RiscvXv6.Tests.Fuzz;

internal enum FuzzAction
{
    Load,
    Store,
    Peek,
    Advance,
    Input,
    FillMemory,
}

/// <summary>One thing that happens to a device, drawn before it happens so that twins get the same.</summary>
/// <param name="Action">What.</param>
/// <param name="Offset">Where: in the device, or in memory.</param>
/// <param name="SizeBytes">Width of the access.</param>
/// <param name="Value">The store's value, the cycles to advance, the input's random number, or the seed of the memory's bytes.</param>
/// <param name="InputIndex">Which input.</param>
internal readonly record struct FuzzStep(FuzzAction Action, ulong Offset, int SizeBytes, ulong Value, int InputIndex)
{
    public override string ToString() => Action switch
    {
        FuzzAction.Store => $"store {SizeBytes} bytes 0x{Value:x} at 0x{Offset:x}",
        FuzzAction.Load or FuzzAction.Peek => $"{Action.ToString().ToLowerInvariant()} {SizeBytes} bytes at 0x{Offset:x}",
        FuzzAction.Advance => $"advance {Value} cycles",
        FuzzAction.Input => $"input {InputIndex} with {Value}",
        _ => $"fill memory from seed {Value}",
    };
}
