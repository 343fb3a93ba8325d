namespace RiscvXv6.Emulator.Cpu.Isa;

/// <summary>
/// The part of the ISA that defines an instruction. <c>C</c> has the compressed instructions of F and D too.
/// </summary>
internal enum Extension : byte
{
    I,
    M,
    A,
    F,
    D,
    C,
    Zicsr,
    Zifencei,
    Zihintpause,
    Zba,
    Zbb,
    Zbc,
    Zbs,
    Privileged,
    Svinval,
}
