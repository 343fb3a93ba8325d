namespace RiscvXv6.Devices.Uart;

/// <summary>The rows of <see cref="UartRegisters"/>, in their order.</summary>
public enum UartRegister
{
    Rbr,
    Thr,
    Dll,
    Ier,
    Dlm,
    Iir,
    Fcr,
    Lcr,
    Mcr,
    Lsr,
    Msr,
    Scr,
}
