namespace RiscvXv6.Guest.Elf;

/// <summary>Why a file is not an ELF that this machine can load.</summary>
/// <param name="Kind">The class of the fault, for callers that treat some files otherwise.</param>
/// <param name="Message">One line for a person, to be put after the file's name: <c>is for x86-64, not for RISC-V</c>.</param>
public sealed record ElfError(ElfErrorKind Kind, string Message)
{
    public override string ToString() => Message;
}
