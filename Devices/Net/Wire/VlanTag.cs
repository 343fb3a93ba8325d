namespace RiscvXv6.Devices.Net.Wire;

/// <summary>The control information of a VLAN tag (IEEE 802.1Q "VLAN Tag Control Information").</summary>
public readonly record struct VlanTag(ushort Value)
{
    /// <summary>Type and control information, between source address and type of a frame.</summary>
    public const int SizeBytes = 4;

    /// <summary>0 to 7.</summary>
    public int Priority => Value >> 13;

    /// <summary>The frame may be dropped first; once the canonical format indicator.</summary>
    public bool IsDropEligible => (Value >> 12 & 1) != 0;

    /// <summary>0 to 4095; 0 means none, the tag is for its priority alone.</summary>
    public int VlanId => Value & 0xfff;
}
