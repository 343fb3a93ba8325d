using System.Buffers.Binary;

namespace RiscvXv6.Emulator.Machine;

/// <summary>
/// What every hart executes first: the reset vector of QEMU's <c>virt</c> (64-bit), which jumps to
/// <see cref="StartAddress"/> with a0 = hart id, a1 = address of the device tree, a2 = address of fw_dynamic_info.
/// </summary>
/// <param name="StartAddress">Where the vector jumps.</param>
/// <param name="DeviceTreeAddress">What a1 holds.</param>
/// <param name="NextAddress">Where OpenSBI's fw_dynamic goes on in S-mode; 0 if there is nothing.</param>
internal readonly record struct BootRom(ulong StartAddress, ulong DeviceTreeAddress, ulong NextAddress)
{
    /// <summary>Where fw_dynamic_info lies in the ROM, in bytes.</summary>
    public const int FirmwareInfoOffset = 40;

    /// <summary>Bytes of ROM that are used.</summary>
    public const int SizeBytes = FirmwareInfoOffset + 6 * sizeof(ulong);

    // OpenSBI "OpenSBI Firmware with Dynamic Information FW_DYNAMIC": struct fw_dynamic_info.
    private const ulong InfoMagic = 0x4942534f;
    private const ulong InfoVersion = 2;
    private const ulong SupervisorMode = 1;

    private static ReadOnlySpan<uint> Vector =>
    [
        0x00000297, // auipc t0, 0            t0 = the ROM's base
        0x02828613, // addi  a2, t0, 40       fw_dynamic_info
        0xf1402573, // csrr  a0, mhartid
        0x0202b583, // ld    a1, 32(t0)       DeviceTreeAddress
        0x0182b283, // ld    t0, 24(t0)       StartAddress
        0x00028067, // jr    t0
    ];

    /// <summary>The ROM's contents, from its base.</summary>
    public byte[] ToBytes()
    {
        var rom = new byte[SizeBytes];
        for (int index = 0; index < Vector.Length; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rom.AsSpan(index * sizeof(uint)), Vector[index]);
        }

        ReadOnlySpan<ulong> data =
        [
            StartAddress, DeviceTreeAddress,
            InfoMagic, InfoVersion, NextAddress, SupervisorMode, 0 /* options */, 0 /* boot hart */,
        ];
        int dataOffset = Vector.Length * sizeof(uint);
        for (int index = 0; index < data.Length; index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rom.AsSpan(dataOffset + index * sizeof(ulong)), data[index]);
        }

        return rom;
    }
}
