using System.Runtime.InteropServices;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu.Debugging;

namespace RiscvXv6.Emulator.Cpu.Translation;

/// <summary>
/// All predecoded blocks of the machine, keyed by physical address and shared by its harts. Memory comes from one arena that
/// is emptied as a whole when full, so nothing is allocated while the machine runs.
/// </summary>
internal sealed unsafe class BlockCache : IDisposable
{
    private const int HashBits = 15;
    private const int OpCapacity = 1 << 21;
    private const int BlockCapacity = OpCapacity / 4;

    private readonly Op* _ops;
    private readonly Block* _blocks;
    private readonly Block** _table;
    private readonly Block** _pages;
    private readonly GuestMemory _ram;
    private int _opCount;
    private int _blockCount;

    public BlockCache(GuestMemory ram)
    {
        _ram = ram;
        _ops = (Op*)NativeMemory.AllocZeroed(OpCapacity, (nuint)sizeof(Op));
        _blocks = (Block*)NativeMemory.AllocZeroed(BlockCapacity, (nuint)sizeof(Block));
        _table = (Block**)NativeMemory.AllocZeroed(1 << HashBits, (nuint)sizeof(Block*));
        _pages = (Block**)NativeMemory.AllocZeroed((nuint)ram.PageCount, (nuint)sizeof(Block*));
    }

    /// <summary>Where a debugger wants harts to stop.</summary>
    public StopPoints Stops { get; } = new();

    /// <summary>Counts up each time the whole cache was emptied: block pointers from before are dangling.</summary>
    public int Epoch { get; private set; }

    /// <summary>Called when the cache was emptied; set once by the machine, so that harts forget where jumps land.</summary>
    public Action? Cleared { get; set; }

    /// <summary>The block that starts at a physical address, or null.</summary>
    public Block* Find(ulong physicalPc)
    {
        for (var block = _table[Hash(physicalPc)]; block != null; block = block->HashNext)
        {
            if (block->PhysicalPc == physicalPc)
            {
                return block;
            }
        }

        return null;
    }

    /// <summary>Predecodes from a physical address to the end of the block.</summary>
    /// <param name="memory">RAM or ROM that holds the address.</param>
    /// <param name="physicalPc">Even; the instruction there must not cross its page's end.</param>
    public Block* Build(GuestMemory memory, ulong physicalPc)
    {
        if (_opCount + BlockBuilder.MaxOps > OpCapacity || _blockCount == BlockCapacity)
        {
            Clear();
        }

        var block = &_blocks[_blockCount++];
        *block = default;
        block->Ops = _ops + _opCount;
        block->PhysicalPc = physicalPc;
        block->Valid = true;
        block->Linkable = true;

        // SAFETY: the builder reads up to the end of the page, and a page lies in its memory as a whole.
        byte* code = memory.HostBase + (physicalPc - memory.Range.Base);
        int available = GuestMemory.PageSizeBytes - (int)(physicalPc & (GuestMemory.PageSizeBytes - 1));
        _opCount += BlockBuilder.Build(block, code, available, Stops, physicalPc);

        var bucket = &_table[Hash(physicalPc)];
        block->HashNext = *bucket;
        *bucket = block;
        if (ReferenceEquals(memory, _ram))
        {
            ulong page = (physicalPc - memory.Range.Base) >> GuestMemory.PageShift;
            block->PageNext = _pages[page];
            _pages[page] = block;
            memory.MarkCode(physicalPc, block->SizeBytes);
        }

        return block;
    }

    /// <summary>Drops the blocks of a page of RAM.</summary>
    public void DropPage(int pageIndex)
    {
        for (var block = _pages[pageIndex]; block != null; block = block->PageNext)
        {
            block->Valid = false;
            var link = &_table[Hash(block->PhysicalPc)];
            while (*link != block)
            {
                link = &(*link)->HashNext;
            }

            *link = block->HashNext;
        }

        _pages[pageIndex] = null;
        _ram.ClearCode(pageIndex);
    }

    /// <summary>Drops everything. Whoever holds block pointers watches <see cref="Epoch"/>.</summary>
    public void Clear()
    {
        Epoch++;
        for (int index = 0; index < _blockCount; index++)
        {
            // By block, not by page: of the latter a big guest has millions.
            ulong physicalPc = _blocks[index].PhysicalPc;
            if (_ram.Range.Contains(physicalPc))
            {
                int page = (int)((physicalPc - _ram.Range.Base) >> GuestMemory.PageShift);
                _pages[page] = null;
                _ram.ClearCode(page);
            }
        }

        _opCount = 0;
        _blockCount = 0;
        NativeMemory.Clear(_table, (nuint)sizeof(Block*) << HashBits);

        Cleared?.Invoke();
    }

    public void Dispose()
    {
        NativeMemory.Free(_ops);
        NativeMemory.Free(_blocks);
        NativeMemory.Free(_table);
        NativeMemory.Free(_pages);
    }

    private static int Hash(ulong physicalPc) =>
        (int)((physicalPc >> 1) ^ (physicalPc >> (1 + HashBits))) & ((1 << HashBits) - 1);
}
