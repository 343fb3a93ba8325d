namespace RiscvXv6.Devices.Bus;

/// <summary>The access widths, in bytes, that a device answers to. The values are the widths, so that a test is one AND.</summary>
[Flags]
public enum AccessWidths
{
    Byte = 1,
    Half = 2,
    Word = 4,
    Double = 8,
    Any = Byte | Half | Word | Double,
}
