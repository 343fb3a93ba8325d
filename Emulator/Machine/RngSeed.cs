using System.Buffers.Binary;

namespace RiscvXv6.Emulator.Machine;

/// <summary>The entropy that the device tree gives a kernel, made from the machine's seed so that a run can be repeated.</summary>
internal static class RngSeed
{
    /// <summary>As many bytes as QEMU gives.</summary>
    public const int SizeBytes = 32;

    /// <summary>Stretches a seed with SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").</summary>
    public static byte[] Expand(ulong seed)
    {
        var bytes = new byte[SizeBytes];
        for (int offset = 0; offset < SizeBytes; offset += sizeof(ulong))
        {
            seed += 0x9e37_79b9_7f4a_7c15;
            ulong mixed = (seed ^ (seed >> 30)) * 0xbf58_476d_1ce4_e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d0_49bb_1331_11eb;
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), mixed ^ (mixed >> 31));
        }

        return bytes;
    }
}
