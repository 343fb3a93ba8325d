using System.Runtime.InteropServices;

namespace RiscvXv6.Emulator.Cpu.Execution;

/// <summary>
/// What is cached about addresses for one way of looking at memory: machine, user, supervisor, and supervisor with
/// mstatus.SUM. Each hart has the four, so that a trap only selects another.
/// </summary>
internal sealed unsafe class TranslationContext : IDisposable
{
    public const int DataEntryCount = 4096;
    public const int FetchEntryCount = 512;
    private const ulong LastGeneration = 0xfff;

    private readonly TlbEntry* _memory;
    private bool _holdsSuperpage;

    public TranslationContext(PrivilegeMode mode, bool supervisorUserAccess)
    {
        Mode = mode;
        SupervisorUserAccess = supervisorUserAccess;
        _memory = (TlbEntry*)NativeMemory.AllocZeroed(2 * DataEntryCount + FetchEntryCount, (nuint)sizeof(TlbEntry));
        Loads = _memory;
        Stores = _memory + DataEntryCount;
        Fetches = _memory + 2 * DataEntryCount;
    }

    public PrivilegeMode Mode { get; }

    /// <summary>mstatus.SUM.</summary>
    public bool SupervisorUserAccess { get; }

    public TlbEntry* Loads { get; }

    public TlbEntry* Stores { get; }

    public TlbEntry* Fetches { get; }

    /// <summary>In the low 12 bits of the tags that are valid; 1 to 4095.</summary>
    public ulong Generation { get; private set; } = 1;

    /// <summary>Identifies what a fetched address means; counted up by each flush, never reused.</summary>
    public ulong FetchIdentity { get; set; }

    /// <summary>Forgets everything.</summary>
    public void Flush()
    {
        _holdsSuperpage = false;
        if (Generation == LastGeneration)
        {
            NativeMemory.Clear(_memory, (2 * DataEntryCount + FetchEntryCount) * (nuint)sizeof(TlbEntry));
            Generation = 0;
        }

        Generation++;
    }

    /// <summary>
    /// Forgets one page. Returns false if it had to forget everything, since a superpage lies here in pieces and any of
    /// them may belong to the address.
    /// </summary>
    public bool FlushPage(ulong virtualAddress)
    {
        if (_holdsSuperpage)
        {
            Flush();
            return false;
        }

        ulong page = virtualAddress >> 12;
        Loads[page & (DataEntryCount - 1)].Tag = 0;
        Stores[page & (DataEntryCount - 1)].Tag = 0;
        Fetches[page & (FetchEntryCount - 1)].Tag = 0;
        return true;
    }

    public void InsertLoad(ulong virtualAddress, ulong addend, bool superpage) =>
        Insert(Loads + ((virtualAddress >> 12) & (DataEntryCount - 1)), virtualAddress, addend, superpage);

    public void InsertStore(ulong virtualAddress, ulong addend, bool superpage) =>
        Insert(Stores + ((virtualAddress >> 12) & (DataEntryCount - 1)), virtualAddress, addend, superpage);

    public void InsertFetch(ulong virtualAddress, ulong addend, bool superpage) =>
        Insert(Fetches + ((virtualAddress >> 12) & (FetchEntryCount - 1)), virtualAddress, addend, superpage);

    /// <summary>Forgets the stores that go straight to a host page, because from now on they must be seen.</summary>
    public void DropStoresTo(ulong hostPage)
    {
        for (int index = 0; index < DataEntryCount; index++)
        {
            var entry = Stores + index;
            if ((entry->Tag & ~0xfffUL) + entry->Addend == hostPage)
            {
                entry->Tag = 0;
            }
        }
    }

    public void Dispose() => NativeMemory.Free(_memory);

    private void Insert(TlbEntry* entry, ulong virtualAddress, ulong addend, bool superpage)
    {
        _holdsSuperpage |= superpage;
        entry->Tag = (virtualAddress & ~0xfffUL) | Generation;
        entry->Addend = addend;
    }
}
