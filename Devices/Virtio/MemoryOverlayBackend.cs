using System.Runtime.InteropServices;
using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Virtio;

/// <summary>
/// Keeps what the guest writes in host memory and leaves the image below as it was: <c>snapshot=on</c>. Flushing has
/// nothing to do, for the writes are meant to be lost.
/// </summary>
public sealed class MemoryOverlayBackend(IBlockBackend below) : IBlockBackend, IStateful<MemoryOverlayState>, IDisposable
{
    private readonly Dictionary<ulong, byte[]> _sectors = [];

    public ulong CapacitySectors => below.CapacitySectors;

    public bool IsReadOnly => false;

    public bool Read(ulong sector, Span<byte> destination)
    {
        if (!below.Read(sector, destination))
        {
            return false;
        }

        for (; !destination.IsEmpty; destination = destination[IBlockBackend.SectorSizeBytes..], sector++)
        {
            if (_sectors.TryGetValue(sector, out var written))
            {
                written.CopyTo(destination);
            }
        }

        return true;
    }

    public bool Write(ulong sector, ReadOnlySpan<byte> source)
    {
        for (; !source.IsEmpty; source = source[IBlockBackend.SectorSizeBytes..], sector++)
        {
            ref var written = ref CollectionsMarshal.GetValueRefOrAddDefault(_sectors, sector, out _);
            written ??= new byte[IBlockBackend.SectorSizeBytes];
            source[..IBlockBackend.SectorSizeBytes].CopyTo(written);
        }

        return true;
    }

    public bool Flush() => true;

    public MemoryOverlayState Save()
    {
        var sectors = _sectors.OrderBy(static pair => pair.Key)
            .Select(static pair => new OverlaidSector(pair.Key, new ValueArray<byte>(pair.Value)))
            .ToArray();
        return new MemoryOverlayState(new ValueArray<OverlaidSector>(sectors));
    }

    public void Restore(MemoryOverlayState state)
    {
        state.Deconstruct(out var sectors);
        _sectors.Clear();
        foreach (var (sector, bytes) in sectors.AsSpan())
        {
            _sectors[sector] = bytes.AsSpan().ToArray();
        }
    }

    public void Dispose() => (below as IDisposable)?.Dispose();
}
