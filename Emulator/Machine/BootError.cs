namespace RiscvXv6.Emulator.Machine;

/// <summary>Why a machine can't be started with its options.</summary>
/// <param name="Message">One line that says what is wrong and what to do.</param>
internal sealed record BootError(string Message)
{
    public override string ToString() => Message;
}
