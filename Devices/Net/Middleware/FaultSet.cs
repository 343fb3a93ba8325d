namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>Kinds of faults, as bits.</summary>
[Flags]
public enum FaultSet
{
    None = 0,
    Drop = 1 << FaultKind.Drop,
    Duplicate = 1 << FaultKind.Duplicate,
    Corrupt = 1 << FaultKind.Corrupt,
    BadFcs = 1 << FaultKind.BadFcs,
    Reorder = 1 << FaultKind.Reorder,
    Delay = 1 << FaultKind.Delay,
    RateLimit = 1 << FaultKind.RateLimit,
    LinkDown = 1 << FaultKind.LinkDown,
}
