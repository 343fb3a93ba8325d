using System.Buffers.Binary;
using RiscvXv6.Devices.Pci;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The card's configuration space: identity, windows, and the chip's capabilities at the chip's offsets, power
/// management at DCh and message-signalled interrupts at F0h (SDM "Message Signaled Interrupts"). The 82540EM has no
/// PCI-X capability between them.
/// </summary>
internal static class E1000Configuration
{
    public const ushort VendorId = 0x8086;
    public const ushort DeviceId = 0x100e;

    /// <summary>The board, as QEMU names it.</summary>
    public const ushort SubsystemVendorId = 0x1af4;
    public const ushort SubsystemId = 0x1100;

    public const int MemoryBar = 0;
    public const int IoBar = 1;

    public const int PowerManagementOffset = 0xdc;
    public const int MessageOffset = 0xf0;

    /// <summary>Message control, as an offset in the configuration space.</summary>
    public const int MessageControlOffset = MessageOffset + 2;

    /// <summary>Bit 0 of message control: messages instead of INTA#.</summary>
    public const ushort MessageEnable = 1 << 0;

    private const uint EthernetController = 0x020000;
    private const byte Revision = 2;
    private const byte PowerManagementId = 0x01;
    private const byte MessageId = 0x05;
    private const ushort MessageAddress64 = 1 << 7;

    public static PciConfigSpace Create()
    {
        var config = new PciConfigSpace(
            new PciIdentity(
                VendorId, DeviceId, EthernetController, Revision, InterruptPin: 1, SubsystemVendorId, SubsystemId),
            new PciBar(MemoryBar, PciSpace.Memory, E1000Registers.MemoryBytes),
            new PciBar(IoBar, PciSpace.Io, E1000Registers.IoBytes));
        AddPowerManagement(config);
        AddMessages(config);
        return config;
    }

    /// <summary>Version 1.1, device-specific initialisation, D0 and D3 only, no PME#.</summary>
    private static void AddPowerManagement(PciConfigSpace config)
    {
        ReadOnlySpan<byte> body = [0x22, 0x00, 0x00, 0x00, 0x00, 0x00];
        ReadOnlySpan<byte> writable = [0x00, 0x00, 0x03, 0x00, 0x00, 0x00];
        config.AddCapability(PowerManagementId, body, writable, PowerManagementOffset);
    }

    /// <summary>One message, with an address of 64 bits.</summary>
    private static void AddMessages(PciConfigSpace config)
    {
        Span<byte> body = stackalloc byte[14];
        Span<byte> writable = stackalloc byte[14];
        BinaryPrimitives.WriteUInt16LittleEndian(body, MessageAddress64);
        BinaryPrimitives.WriteUInt16LittleEndian(writable, MessageEnable | 7 << 4);
        BinaryPrimitives.WriteUInt32LittleEndian(writable[2..], ~3u);
        BinaryPrimitives.WriteUInt32LittleEndian(writable[6..], uint.MaxValue);
        BinaryPrimitives.WriteUInt16LittleEndian(writable[10..], ushort.MaxValue);
        config.AddCapability(MessageId, body, writable, MessageOffset);
    }
}
