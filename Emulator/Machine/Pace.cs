namespace RiscvXv6.Emulator.Machine;

/// <summary>How virtual time relates to the wall. It never changes what a guest computes, only how long people wait for it.</summary>
internal enum Pace
{
    /// <summary>When all harts wait, so does the host, until the wall has caught up or something arrives.</summary>
    Realtime,

    /// <summary>Idle time is skipped.</summary>
    Virtual,

    /// <summary>Virtual time is never ahead of the wall, busy or idle.</summary>
    Strict,
}
