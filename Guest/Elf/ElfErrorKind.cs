namespace RiscvXv6.Guest.Elf;

/// <summary>Why a file is refused.</summary>
public enum ElfErrorKind
{
    /// <summary>The file does not start with the ELF magic.</summary>
    NotElf,

    /// <summary>The file ends before something that it must contain.</summary>
    Truncated,

    /// <summary>An ELF, but of another class, byte order or machine.</summary>
    WrongArchitecture,

    /// <summary>An ELF for RISC-V that can't be loaded as it is: an object file, a core dump.</summary>
    NotExecutable,

    /// <summary>A header contradicts itself or the file.</summary>
    Malformed,

    /// <summary>No segment has anything to load.</summary>
    NothingToLoad,
}
