using RiscvXv6.Devices.Virtio;

namespace RiscvXv6.Emulator.Scripts;

/// <summary>
/// A disk on a power supply. Without power it stores nothing; the guest is not told, for it is about to lose its own, and must not
/// have time to complain.
/// </summary>
internal sealed class PoweredDisk(IBlockBackend disk, PowerSupply power) : IBlockBackend
{
    public ulong CapacitySectors => disk.CapacitySectors;

    public bool IsReadOnly => disk.IsReadOnly;

    public bool Read(ulong sector, Span<byte> destination) => disk.Read(sector, destination);

    public bool Write(ulong sector, ReadOnlySpan<byte> source)
    {
        bool wasOn = power.IsOn;
        int admitted = power.Admit(source.Length, IBlockBackend.SectorSizeBytes);
        bool isDone = admitted == 0 || disk.Write(sector, source[..admitted]);
        if (wasOn && isDone && admitted == source.Length)
        {
            power.Count();
        }

        return isDone;
    }

    public bool Flush() => !power.IsOn || disk.Flush();

    /// <summary>All of it, as it is now; null if the host can't read it.</summary>
    public byte[]? Contents()
    {
        byte[] bytes = new byte[disk.CapacitySectors * IBlockBackend.SectorSizeBytes];
        return disk.Read(0, bytes) ? bytes : null;
    }
}
