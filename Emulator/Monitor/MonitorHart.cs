using RiscvXv6.Emulator.Cpu;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>What the monitor says of a hart in passing.</summary>
internal static unsafe class MonitorHart
{
    public static ulong Pc(Hart hart) => hart.State->Pc;

    public static ulong Satp(Hart hart) => hart.State->Satp;

    public static string Mode(Hart hart) => hart.State->Privilege switch
    {
        PrivilegeMode.User => "U-mode",
        PrivilegeMode.Supervisor => "S-mode",
        _ => "M-mode",
    };

    /// <summary>Whether it waits: WFI, and nothing that it waits for is pending.</summary>
    public static bool Waits(Hart hart) => hart.State->Waiting && !hart.State->WakePending;
}
