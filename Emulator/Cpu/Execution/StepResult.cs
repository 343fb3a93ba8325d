namespace RiscvXv6.Emulator.Cpu.Execution;

/// <summary>How an instruction ended that was not worth an arm in the interpreter's loop.</summary>
internal enum StepResult
{
    /// <summary>It retired and nothing changed that the loop relies on.</summary>
    Continue,

    /// <summary>
    /// The hart's pc and cycle are exact and the loop starts over from them: a trap was taken, a device was touched, code was
    /// overwritten, or a CSR changed what addresses or interrupts mean.
    /// </summary>
    Leave,
}
