using System.Runtime.CompilerServices;
using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Devices.Memory;

/// <summary>
/// A block of guest RAM or ROM in lazily committed host memory. Every store by whatever route passes
/// <see cref="NoteWrite"/>, which keeps the dirty pages (the grain of snapshots), the granules that hold translated
/// code, and the pages that a reservation watches.
/// </summary>
/// <remarks>
/// A hart may keep a host pointer to a page for stores that bypass this class only while <see cref="IsPlain"/> holds for
/// the page: it is dirty already, holds no code, and is not watched.
/// </remarks>
public sealed unsafe class GuestMemory : IDmaMemory, IDisposable
{
    public const int PageShift = 12;
    public const int PageSizeBytes = 1 << PageShift;

    /// <summary>Code is tracked in granules of 256 bytes, so that data beside code does not thrash translations.</summary>
    public const int CodeGranuleShift = 8;

    private const byte Dirty = 1;
    private const byte Watched = 2;

    private readonly HostPages _pages;
    private readonly byte[] _flags;
    private readonly ushort[] _codeGranules;

    /// <summary>Reserves the memory; the host commits pages as they are touched.</summary>
    /// <param name="name">As the memory tree prints it: <c>ram</c>, <c>rom</c>.</param>
    /// <param name="range">Where it sits; base and size are multiples of 4 KiB.</param>
    /// <param name="writable">False for ROM: stores by harts and DMA fault.</param>
    /// <exception cref="InsufficientMemoryException">The host can't provide that much.</exception>
    public GuestMemory(string name, AddressRange range, bool writable)
    {
        if (((range.Base | range.SizeBytes) & (PageSizeBytes - 1)) != 0 || range.SizeBytes == 0)
        {
            throw new ArgumentException($"{name} at {range} is not made of whole 4 KiB pages");
        }

        Name = name;
        Range = range;
        Writable = writable;
        _pages = HostPages.Reserve(range.SizeBytes);
        int pageCount = checked((int)(range.SizeBytes >> PageShift));
        _flags = new byte[pageCount];
        _codeGranules = new ushort[pageCount];
    }

    public string Name { get; }

    public AddressRange Range { get; }

    public bool Writable { get; }

    public int PageCount => _flags.Length;

    /// <summary>Set once, by the machine, before anything runs.</summary>
    public IWriteObserver? Observer { get; set; }

    /// <summary>Host address of the first byte. Valid until <see cref="Dispose"/>; bounds are the caller's duty.</summary>
    public byte* HostBase => _pages.Base;

    /// <summary>True while stores to the page may bypass <see cref="NoteWrite"/>.</summary>
    public bool IsPlain(int pageIndex) => _flags[pageIndex] == Dirty && _codeGranules[pageIndex] == 0 && Writable;

    public bool IsDirty(int pageIndex) => (_flags[pageIndex] & Dirty) != 0;

    /// <summary>Records that <paramref name="length"/> bytes from <paramref name="address"/> were translated as code.</summary>
    public void MarkCode(ulong address, int length)
    {
        ulong offset = address - Range.Base;
        int page = (int)(offset >> PageShift);
        int first = (int)(offset & (PageSizeBytes - 1)) >> CodeGranuleShift;
        int last = (int)Math.Min((offset & (PageSizeBytes - 1)) + (ulong)length - 1, PageSizeBytes - 1) >> CodeGranuleShift;
        bool wasPlain = _codeGranules[page] == 0;
        for (int granule = first; granule <= last; granule++)
        {
            _codeGranules[page] |= (ushort)(1 << granule);
        }

        if (wasPlain)
        {
            Observer?.PageGuarded(this, page);
        }
    }

    /// <summary>Forgets all code bits of a page, after its translations were dropped.</summary>
    public void ClearCode(int pageIndex) => _codeGranules[pageIndex] = 0;

    /// <summary>Makes every write to the page visible to <see cref="IWriteObserver.WatchedWrite"/>.</summary>
    public void Watch(int pageIndex)
    {
        if ((_flags[pageIndex] & Watched) == 0)
        {
            _flags[pageIndex] |= Watched;
            Observer?.PageGuarded(this, pageIndex);
        }
    }

    public void Unwatch(int pageIndex) => _flags[pageIndex] &= unchecked((byte)~Watched);

    /// <summary>
    /// To be called after every store that does not go through a plain page's host pointer.
    /// Returns true if translated code was overwritten or the page is watched, so that a hart leaves the block it executes.
    /// </summary>
    public bool NoteWrite(ulong address, ulong length)
    {
        ulong offset = address - Range.Base;
        int first = (int)(offset >> PageShift);
        int last = (int)((offset + length - 1) >> PageShift);
        bool noticed = false;
        for (int page = first; page <= last; page++)
        {
            byte flags = _flags[page];
            _flags[page] = (byte)(flags | Dirty);
            if ((flags & Watched) != 0)
            {
                Observer?.WatchedWrite(address, length);
                noticed = true;
            }

            if (_codeGranules[page] != 0)
            {
                noticed |= NoteCodePageWrite(page, offset, length);
            }
        }

        return noticed;
    }

    /// <summary>A naturally bounded read of 1, 2, 4 or 8 bytes; the caller has checked the range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadUnchecked(ulong address, int sizeBytes)
    {
        // SAFETY: callers pass an address for which Range.Contains(address, sizeBytes) holds.
        byte* host = _pages.Base + (address - Range.Base);
        return sizeBytes switch
        {
            1 => *host,
            2 => Unsafe.ReadUnaligned<ushort>(host),
            4 => Unsafe.ReadUnaligned<uint>(host),
            _ => Unsafe.ReadUnaligned<ulong>(host),
        };
    }

    /// <summary>A store of 1, 2, 4 or 8 bytes with all bookkeeping; the caller has checked the range.</summary>
    /// <returns>As <see cref="NoteWrite"/>.</returns>
    public bool WriteUnchecked(ulong address, int sizeBytes, ulong value)
    {
        // SAFETY: callers pass an address for which Range.Contains(address, sizeBytes) holds.
        byte* host = _pages.Base + (address - Range.Base);
        switch (sizeBytes)
        {
            case 1:
                *host = (byte)value;
                break;
            case 2:
                Unsafe.WriteUnaligned(host, (ushort)value);
                break;
            case 4:
                Unsafe.WriteUnaligned(host, (uint)value);
                break;
            default:
                Unsafe.WriteUnaligned(host, value);
                break;
        }

        return NoteWrite(address, (ulong)sizeBytes);
    }

    public bool TryRead(ulong address, Span<byte> destination)
    {
        if (destination.IsEmpty)
        {
            return true;
        }

        if (!Range.Contains(address, (ulong)destination.Length))
        {
            return false;
        }

        // SAFETY: the range check above bounds the span.
        new ReadOnlySpan<byte>(_pages.Base + (address - Range.Base), destination.Length).CopyTo(destination);
        return true;
    }

    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
        {
            return true;
        }

        if (!Writable || !Range.Contains(address, (ulong)source.Length))
        {
            return false;
        }

        // SAFETY: the range check above bounds the span.
        source.CopyTo(new Span<byte>(_pages.Base + (address - Range.Base), source.Length));
        NoteWrite(address, (ulong)source.Length);
        return true;
    }

    /// <summary>Loads an image (ELF segment, ROM, device tree) before the machine runs; ROM accepts it too.</summary>
    /// <returns>False if it does not fit.</returns>
    public bool TryLoad(ulong address, ReadOnlySpan<byte> image)
    {
        if (image.IsEmpty)
        {
            return true;
        }

        if (!Range.Contains(address, (ulong)image.Length))
        {
            return false;
        }

        // SAFETY: the range check above bounds the span.
        image.CopyTo(new Span<byte>(_pages.Base + (address - Range.Base), image.Length));
        NoteWrite(address, (ulong)image.Length);
        return true;
    }

    /// <summary>
    /// Zeroes a range, as loading an image's .bss does. Pages that nobody ever wrote are zero already and stay untouched, so
    /// that a huge .bss costs the host nothing.
    /// </summary>
    /// <returns>False if the range does not fit; then nothing was written.</returns>
    public bool TryClear(ulong address, ulong length)
    {
        if (length == 0)
        {
            return true;
        }

        if (!Range.Contains(address, length))
        {
            return false;
        }

        ulong offset = address - Range.Base, end = offset + length;
        while (offset < end)
        {
            ulong pageEnd = Math.Min((offset | (PageSizeBytes - 1)) + 1, end);
            if (IsDirty((int)(offset >> PageShift)))
            {
                // SAFETY: the range check above bounds it.
                new Span<byte>(_pages.Base + offset, (int)(pageEnd - offset)).Clear();
                NoteWrite(Range.Base + offset, pageEnd - offset);
            }

            offset = pageEnd;
        }

        return true;
    }

    public void Dispose() => _pages.Dispose();

    private bool NoteCodePageWrite(int page, ulong offset, ulong length)
    {
        ulong pageStart = (ulong)page << PageShift;
        ulong first = Math.Max(offset, pageStart) - pageStart;
        ulong last = Math.Min(offset + length, pageStart + PageSizeBytes) - pageStart - 1;
        int from = (int)(first >> CodeGranuleShift);
        int to = (int)(last >> CodeGranuleShift);
        int mask = ((1 << (to - from + 1)) - 1) << from;
        if ((_codeGranules[page] & mask) == 0)
        {
            return false;
        }

        _codeGranules[page] = 0;
        Observer?.CodeOverwritten(this, page);
        return true;
    }
}
