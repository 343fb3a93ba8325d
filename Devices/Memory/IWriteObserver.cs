namespace RiscvXv6.Devices.Memory;

/// <summary>Told of stores to watched granules and of pages that must leave the fast store path.</summary>
public interface IWriteObserver
{
    /// <summary>A store or DMA hit a granule that holds translated code. The granule's code bits are already clear.</summary>
    /// <param name="memory">The memory written to.</param>
    /// <param name="pageIndex">The 4 KiB page, counted from the start of that memory.</param>
    void CodeOverwritten(GuestMemory memory, int pageIndex);

    /// <summary>A store or DMA touched <c>[address, address + length)</c> in a page that a reservation watches.</summary>
    void WatchedWrite(ulong address, ulong length);

    /// <summary>A page began to hold code or a watched reservation: stores to it must be seen from now on.</summary>
    void PageGuarded(GuestMemory memory, int pageIndex);
}
