namespace RiscvXv6.Devices.Uart;

/// <summary>Bits of IER.</summary>
internal static class Ier
{
    public const byte ReceivedData = 0x01;
    public const byte TransmitterEmpty = 0x02;
    public const byte LineStatus = 0x04;
    public const byte ModemStatus = 0x08;
}

/// <summary>Values of IIR bits 3:0, most urgent first, and the bits that say that the FIFOs are on.</summary>
internal static class Iir
{
    public const byte LineStatus = 0x06;
    public const byte CharacterTimeout = 0x0c;
    public const byte ReceivedData = 0x04;
    public const byte TransmitterEmpty = 0x02;
    public const byte ModemStatus = 0x00;
    public const byte None = 0x01;
    public const byte FifosEnabled = 0xc0;
}

/// <summary>Bits of FCR.</summary>
internal static class Fcr
{
    public const byte Enable = 0x01;
    public const byte ClearReceiver = 0x02;
    public const byte ClearTransmitter = 0x04;
}

/// <summary>Bits of LCR.</summary>
internal static class Lcr
{
    public const byte WordLength = 0x03;
    public const byte TwoStopBits = 0x04;
    public const byte Parity = 0x08;
    public const byte DivisorLatch = 0x80;
}

/// <summary>Bits of MCR.</summary>
internal static class Mcr
{
    public const byte Dtr = 0x01;
    public const byte Rts = 0x02;
    public const byte Out1 = 0x04;
    public const byte Out2 = 0x08;
    public const byte Loopback = 0x10;
}

/// <summary>Bits of LSR.</summary>
internal static class Lsr
{
    public const byte DataReady = 0x01;
    public const byte Overrun = 0x02;
    public const byte Break = 0x10;
    public const byte TransmitterIdle = 0x60;
    public const byte FifoError = 0x80;
}

/// <summary>Bits of MSR.</summary>
internal static class Msr
{
    public const byte Deltas = 0x0f;
    public const byte TrailingEdgeRing = 0x04;
    public const byte Cts = 0x10;
    public const byte Dsr = 0x20;
    public const byte Ring = 0x40;
    public const byte Dcd = 0x80;
    public const byte Levels = 0xf0;
}
