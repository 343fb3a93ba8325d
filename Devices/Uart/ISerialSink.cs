namespace RiscvXv6.Devices.Uart;

/// <summary>Where a serial line's output goes.</summary>
public interface ISerialSink
{
    /// <summary>Takes one byte, on the machine's thread. It may not block or throw.</summary>
    void Transmit(byte value);
}
