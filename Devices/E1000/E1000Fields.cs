namespace RiscvXv6.Devices.E1000;

/// <summary>Bits of CTRL (SDM "Device Control Register").</summary>
public static class Ctrl
{
    public const uint FullDuplex = 1u << 0;
    public const uint LinkReset = 1u << 3;
    public const uint AutoSpeedDetection = 1u << 5;
    public const uint SetLinkUp = 1u << 6;
    public const uint InvertLossOfSignal = 1u << 7;
    public const int SpeedShift = 8;
    public const uint SpeedMask = 3u << SpeedShift;
    public const uint ForceSpeed = 1u << 11;
    public const uint ForceDuplex = 1u << 12;

    /// <summary>Data of software-definable pin 0, which an xv6 of 2019 to 2023 takes for the reset.</summary>
    public const uint PinDirection0 = 1u << 22;
    public const uint Reset = 1u << 26;
    public const uint ReceiveFlowControl = 1u << 27;
    public const uint TransmitFlowControl = 1u << 28;
    public const uint VlanMode = 1u << 30;
    public const uint PhyReset = 1u << 31;
}

/// <summary>Bits of STATUS (SDM "Device Status Register").</summary>
public static class Status
{
    public const uint FullDuplex = 1u << 0;
    public const uint LinkUp = 1u << 1;
    public const uint TransmitOff = 1u << 4;
    public const int SpeedShift = 6;
    public const int AutoSpeedShift = 8;
    public const uint Pci66 = 1u << 11;
}

/// <summary>Bits of CTRL_EXT (SDM "Extended Device Control Register").</summary>
public static class CtrlExt
{
    public const uint AutoSpeedCheck = 1u << 12;
    public const uint EepromReset = 1u << 13;
    public const uint SpeedBypass = 1u << 15;
}

/// <summary>Fields of MDIC (SDM "MDI Control Register").</summary>
public static class Mdic
{
    public const uint DataMask = 0xffff;
    public const int RegisterShift = 16;
    public const int PhyShift = 21;
    public const uint OperationMask = 3u << 26;
    public const uint OperationWrite = 1u << 26;
    public const uint OperationRead = 2u << 26;
    public const uint Ready = 1u << 28;
    public const uint InterruptEnable = 1u << 29;
    public const uint Error = 1u << 30;
}

/// <summary>Bits of EECD (SDM "EEPROM/Flash Control &amp; Data Register").</summary>
public static class Eecd
{
    public const uint Clock = 1u << 0;
    public const uint ChipSelect = 1u << 1;
    public const uint DataIn = 1u << 2;
    public const uint DataOut = 1u << 3;
    public const uint FlashWriteMask = 3u << 4;
    public const uint Request = 1u << 6;
    public const uint Grant = 1u << 7;
    public const uint Present = 1u << 8;
}

/// <summary>Fields of EERD (SDM "EEPROM Read Register").</summary>
public static class Eerd
{
    public const uint Start = 1u << 0;
    public const uint Done = 1u << 4;
    public const int AddressShift = 8;
    public const uint AddressMask = 0xffu << AddressShift;
    public const int DataShift = 16;
}

/// <summary>Bits of RDTR (SDM "Receive Delay Timer Register").</summary>
public static class Rdtr
{
    public const uint DelayMask = 0xffff;
    public const uint FlushPartialDescriptor = 1u << 31;
}

/// <summary>Bits of RAH (SDM "Receive Address High").</summary>
public static class Rah
{
    public const uint AddressMask = 0xffff;
    public const uint AddressSelectMask = 3u << 16;
    public const uint AddressValid = 1u << 31;
}

/// <summary>Fields of PBA (SDM "Packet Buffer Allocation").</summary>
public static class Pba
{
    public const uint ReceiveKibMask = 0xff;

    /// <summary>KiB of packet buffer, for both directions.</summary>
    public const uint TotalKib = 64;
}
