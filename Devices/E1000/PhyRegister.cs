namespace RiscvXv6.Devices.E1000;

/// <summary>Registers of the PHY, by their number (SDM "PHY Registers").</summary>
internal static class PhyRegister
{
    public const int Control = 0;
    public const int Status = 1;
    public const int Identifier1 = 2;
    public const int Identifier2 = 3;
    public const int Advertisement = 4;
    public const int PartnerAbility = 5;
    public const int Expansion = 6;
    public const int NextPage = 7;
    public const int GigabitControl = 9;
    public const int GigabitStatus = 10;
    public const int ExtendedStatus = 15;
    public const int SpecificControl = 16;
    public const int SpecificStatus = 17;
    public const int InterruptEnable = 18;
    public const int InterruptStatus = 19;
    public const int ExtendedSpecificControl = 20;
    public const int LedControl = 24;
    public const int Page = 29;
    public const int GeneralControl = 30;
    public const int Count = 32;
}

/// <summary>Bits of the PHY's control register.</summary>
internal static class PhyControl
{
    public const ushort Reset = 1 << 15;
    public const ushort Loopback = 1 << 14;
    public const ushort SpeedLow = 1 << 13;
    public const ushort AutoNegotiate = 1 << 12;
    public const ushort PowerDown = 1 << 11;
    public const ushort Restart = 1 << 9;
    public const ushort FullDuplex = 1 << 8;
    public const ushort SpeedHigh = 1 << 6;
    public const ushort Isolate = 1 << 10;
    public const ushort CollisionTest = 1 << 7;

    /// <summary>The bits that do not clear themselves.</summary>
    public const ushort Writable =
        Loopback | SpeedLow | AutoNegotiate | PowerDown | Isolate | FullDuplex | CollisionTest | SpeedHigh;
}

/// <summary>Bits of the PHY's status register.</summary>
internal static class PhyStatus
{
    public const ushort Link = 1 << 2;
    public const ushort NegotiationComplete = 1 << 5;
}

/// <summary>Bits of the PHY's interrupt status register.</summary>
internal static class PhyInterrupts
{
    public const ushort LinkChanged = 1 << 10;
    public const ushort NegotiationComplete = 1 << 11;
}
