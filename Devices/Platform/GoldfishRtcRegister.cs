namespace RiscvXv6.Devices.Platform;

/// <summary>The rows of <see cref="GoldfishRtcRegisters"/>, in their order.</summary>
public enum GoldfishRtcRegister
{
    TimeLow,
    TimeHigh,
    AlarmLow,
    AlarmHigh,
    InterruptEnabled,
    ClearAlarm,
    AlarmStatus,
    ClearInterrupt,
}
