using RiscvXv6.Devices.Memory;

namespace RiscvXv6.Devices.Bus;

/// <summary>
/// The physical address space: memories and devices by address. Memory is reached through its own host pointer on the
/// hot path; what comes here is device accesses, and everything that is not worth a fast path.
/// </summary>
public sealed class SystemBus
{
    private readonly List<MappedDevice> _devices = [];
    private readonly List<GuestMemory> _memories = [];
    private MappedDevice? _last;

    /// <summary>Devices in ascending order of address.</summary>
    public IReadOnlyList<MappedDevice> Devices => _devices;

    /// <summary>Puts a device on the bus.</summary>
    /// <exception cref="ArgumentException">The range overlaps one that is already mapped: a mistake in the machine's assembly.</exception>
    public void Map(AddressRange range, IMmioDevice device, AccessCost cost)
    {
        RejectOverlap(range, device.Name);
        _devices.Add(new MappedDevice(range, device, cost));
        _devices.Sort(static (a, b) => a.Range.Base.CompareTo(b.Range.Base));
    }

    /// <summary>Puts a memory on the bus.</summary>
    /// <exception cref="ArgumentException">The range overlaps one that is already mapped.</exception>
    public void Map(GuestMemory memory)
    {
        RejectOverlap(memory.Range, memory.Name);
        _memories.Add(memory);
        _memories.Sort(static (a, b) => a.Range.Base.CompareTo(b.Range.Base));
    }

    /// <summary>The memory that holds all of <c>[address, address + length)</c>, or null.</summary>
    public GuestMemory? FindMemory(ulong address, ulong length = 1)
    {
        foreach (var memory in _memories)
        {
            if (memory.Range.Contains(address, length))
            {
                return memory;
            }
        }

        return null;
    }

    /// <summary>The device mapped at <paramref name="address"/>, or null.</summary>
    public MappedDevice? FindDevice(ulong address)
    {
        var last = _last;
        if (last is not null && last.Range.Contains(address))
        {
            return last;
        }

        int low = 0, high = _devices.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            var candidate = _devices[middle];
            if (candidate.Range.Contains(address))
            {
                _last = candidate;
                return candidate;
            }

            if (candidate.Range.Base > address)
            {
                high = middle - 1;
            }
            else
            {
                low = middle + 1;
            }
        }

        return null;
    }

    /// <summary>A hart's load from a device. <paramref name="stallCycles"/> is what the hart waits for it.</summary>
    public BusStatus ReadDevice(ulong address, int sizeBytes, out ulong value, out int stallCycles)
    {
        var mapped = FindDevice(address);
        if (mapped is null || !mapped.Accepts(address, sizeBytes))
        {
            value = 0;
            stallCycles = 0;
            return BusStatus.Fault;
        }

        stallCycles = mapped.Cost.ReadCycles;
        return mapped.Device.Read(address - mapped.Range.Base, sizeBytes, out value);
    }

    /// <summary>A hart's store to a device. <paramref name="stallCycles"/> is what the hart waits for it.</summary>
    public BusStatus WriteDevice(ulong address, int sizeBytes, ulong value, out int stallCycles)
    {
        var mapped = FindDevice(address);
        if (mapped is null || !mapped.Accepts(address, sizeBytes))
        {
            stallCycles = 0;
            return BusStatus.Fault;
        }

        stallCycles = mapped.Cost.WriteCycles;
        return mapped.Device.Write(address - mapped.Range.Base, sizeBytes, value);
    }

    /// <summary>A load without side effects, from memory or a device, as a debugger makes it.</summary>
    public BusStatus Peek(ulong address, int sizeBytes, out ulong value)
    {
        if (FindMemory(address, (ulong)sizeBytes) is { } memory)
        {
            value = memory.ReadUnchecked(address, sizeBytes);
            return BusStatus.Ok;
        }

        var mapped = FindDevice(address);
        if (mapped is null || !mapped.Accepts(address, sizeBytes))
        {
            value = 0;
            return BusStatus.Fault;
        }

        return mapped.Device.Peek(address - mapped.Range.Base, sizeBytes, out value);
    }

    private void RejectOverlap(AddressRange range, string name)
    {
        foreach (var other in _devices)
        {
            if (other.Range.Overlaps(range))
            {
                throw new ArgumentException($"{name} at {range} overlaps {other.Device.Name} at {other.Range}");
            }
        }

        foreach (var other in _memories)
        {
            if (other.Range.Overlaps(range))
            {
                throw new ArgumentException($"{name} at {range} overlaps {other.Name} at {other.Range}");
            }
        }
    }
}
