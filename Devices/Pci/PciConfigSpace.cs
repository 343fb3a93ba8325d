using System.Buffers.Binary;
using System.Numerics;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Pci;

/// <summary>
/// A function's 256 bytes of configuration: identity, command and status, base address registers, capabilities, and
/// the function's interrupt. Reading has no side effects.
/// </summary>
/// <remarks>Deviations are listed with the register table, in <see cref="PciConfigRegisters.Page"/>.</remarks>
public sealed class PciConfigSpace : IStateful<PciConfigState>
{
    public const int SizeBytes = 256;
    public const int BarCount = 6;

    private const byte StatusInterrupt = 1 << 3;
    private const byte StatusCapabilitiesList = 1 << 4;

    private readonly byte[] _bytes = new byte[SizeBytes];
    private readonly byte[] _resetBytes = new byte[SizeBytes];
    private readonly byte[] _writable = new byte[SizeBytes];
    private readonly byte[] _writeOneToClear = new byte[SizeBytes];
    private readonly PciBar?[] _bars = new PciBar?[BarCount];
    private int _lastCapability;
    private int _nextCapability = PciConfigOffset.HeaderEnd;
    private bool _interruptAsserted;

    /// <exception cref="ArgumentException">The description is not a valid function: a bug of ours.</exception>
    public PciConfigSpace(PciIdentity identity, params ReadOnlySpan<PciBar> bars)
    {
        if (identity.InterruptPin > 4)
        {
            throw new ArgumentException("a pin is 0 to 4", nameof(identity));
        }

        InterruptPin = identity.InterruptPin;
        SetHalf(PciConfigOffset.VendorId, identity.VendorId);
        SetHalf(PciConfigOffset.DeviceId, identity.DeviceId);
        _bytes[PciConfigOffset.RevisionId] = identity.RevisionId;
        _bytes[PciConfigOffset.ClassCode] = (byte)identity.ClassCode;
        SetHalf(PciConfigOffset.ClassCode + 1, (ushort)(identity.ClassCode >> 8));
        SetHalf(PciConfigOffset.SubsystemVendorId, identity.SubsystemVendorId);
        SetHalf(PciConfigOffset.SubsystemId, identity.SubsystemId);
        _bytes[PciConfigOffset.InterruptPin] = identity.InterruptPin;
        foreach (var row in PciConfigRegisters.Table.Rows)
        {
            if (!row.IsLive)
            {
                SetMask(row.Access == RegisterAccess.Write1Clear ? _writeOneToClear : _writable, row);
            }
        }

        foreach (var bar in bars)
        {
            AddBar(bar);
        }

        _bytes.CopyTo(_resetBytes, 0);
    }

    /// <summary>0 for none, 1 to 4 for INTA to INTD.</summary>
    public byte InterruptPin { get; }

    /// <summary>The base address registers that the function has.</summary>
    public IEnumerable<PciBar> Bars => _bars.OfType<PciBar>();

    public PciCommand Command =>
        (PciCommand)BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(PciConfigOffset.Command));

    /// <summary>The function may read and write memory by itself.</summary>
    public bool IsBusMaster => (Command & PciCommand.BusMaster) != 0;

    /// <summary>Level of the function's interrupt pin, after the command register's disable bit.</summary>
    public bool InterruptLevel => _interruptAsserted && (Command & PciCommand.InterruptDisable) == 0;

    /// <summary>Told after every change that may move <see cref="InterruptLevel"/>; set by the bus.</summary>
    internal Action? InterruptChanged { get; set; }

    /// <summary>Told after every store; set by the function.</summary>
    public Action? Written { get; set; }

    /// <summary>Adds a capability at the end of the list, before anything runs.</summary>
    /// <param name="id">PCI "Capability IDs".</param>
    /// <param name="body">What follows the id and the next pointer.</param>
    /// <param name="writableBits">As long as the body: the bits that software can change.</param>
    /// <param name="at">Where the chip has it, behind those that were added before; the next place by default.</param>
    /// <returns>Its offset.</returns>
    /// <exception cref="ArgumentException">It does not fit: a bug of ours.</exception>
    public int AddCapability(byte id, ReadOnlySpan<byte> body, ReadOnlySpan<byte> writableBits, int? at = null)
    {
        int offset = at ?? _nextCapability;
        bool fits = offset >= _nextCapability && offset % 4 == 0 && offset + 2 + body.Length <= SizeBytes;
        if (!fits || body.Length != writableBits.Length)
        {
            throw new ArgumentException($"capability 0x{id:x2} of {body.Length} bytes does not fit");
        }

        _bytes[offset] = id;
        body.CopyTo(_bytes.AsSpan(offset + 2));
        writableBits.CopyTo(_writable.AsSpan(offset + 2));
        _bytes[_lastCapability == 0 ? PciConfigOffset.CapabilitiesPointer : _lastCapability + 1] = (byte)offset;
        _bytes[PciConfigOffset.Status] |= StatusCapabilitiesList;
        _lastCapability = offset;
        _bytes.CopyTo(_resetBytes, 0);
        _nextCapability = (offset + 2 + body.Length + 3) & ~3;
        return offset;
    }

    /// <summary>Reads 1, 2 or 4 bytes that lie inside the space.</summary>
    public uint Read(int offset, int sizeBytes)
    {
        uint value = 0;
        for (int i = sizeBytes - 1; i >= 0; i--)
        {
            byte part = _bytes[offset + i];
            if (offset + i == PciConfigOffset.Status && _interruptAsserted)
            {
                part |= StatusInterrupt;
            }

            value = (value << 8) | part;
        }

        return value;
    }

    /// <summary>
    /// Writes 1, 2 or 4 bytes that lie inside the space. Sizing works byte by byte and whether or not the function
    /// decodes: a base address register keeps exactly the bits above its size.
    /// </summary>
    public void Write(int offset, int sizeBytes, uint value)
    {
        for (int i = 0; i < sizeBytes; i++)
        {
            int at = offset + i;
            byte part = (byte)(value >> (8 * i));
            byte kept = (byte)(_bytes[at] & ~_writable[at] & ~(part & _writeOneToClear[at]));
            _bytes[at] = (byte)(kept | (part & _writable[at]));
        }

        InterruptChanged?.Invoke();
        Written?.Invoke();
    }

    /// <summary>Sets the level of the function's interrupt, a pure function of the function's state.</summary>
    public void SetInterrupt(bool asserted)
    {
        if (_interruptAsserted != asserted)
        {
            _interruptAsserted = asserted;
            InterruptChanged?.Invoke();
        }
    }

    /// <summary>Finds the base address register that answers to an address, if decoding is on.</summary>
    /// <param name="space">Memory or I/O.</param>
    /// <param name="address">On the bus.</param>
    /// <param name="barIndex">0 to 5.</param>
    /// <param name="offset">Bytes from the register's base.</param>
    public bool TryDecode(PciSpace space, ulong address, out int barIndex, out uint offset)
    {
        var needed = space == PciSpace.Memory ? PciCommand.MemorySpace : PciCommand.IoSpace;
        if ((Command & needed) != 0)
        {
            for (barIndex = 0; barIndex < BarCount; barIndex++)
            {
                if (_bars[barIndex] is { } bar && bar.Space == space
                    && address - BarBase(bar) < bar.SizeBytes)
                {
                    offset = (uint)(address - BarBase(bar));
                    return true;
                }
            }
        }

        barIndex = -1;
        offset = 0;
        return false;
    }

    /// <summary>Back to the state after a bus reset.</summary>
    public void Reset()
    {
        _resetBytes.CopyTo(_bytes, 0);
        _interruptAsserted = false;
        InterruptChanged?.Invoke();
    }

    public PciConfigState Save() => new(new ValueArray<byte>(_bytes), _interruptAsserted);

    public void Restore(PciConfigState state)
    {
        (var bytes, _interruptAsserted) = state;
        bytes.AsSpan().CopyTo(_bytes);
        InterruptChanged?.Invoke();
    }

    private void AddBar(PciBar bar)
    {
        uint least = bar.Space == PciSpace.Io ? 4u : 16u;
        if (bar.Index is < 0 or >= BarCount || _bars[bar.Index] is not null
            || bar.SizeBytes < least || !BitOperations.IsPow2(bar.SizeBytes))
        {
            throw new ArgumentException($"{bar} is not a base address register");
        }

        _bars[bar.Index] = bar;
        int at = BarOffset(bar);
        BinaryPrimitives.WriteUInt32LittleEndian(_writable.AsSpan(at), ~(bar.SizeBytes - 1));
        _bytes[at] = (byte)(bar.Space == PciSpace.Io ? 1 : 0);
    }

    private ulong BarBase(PciBar bar) =>
        BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(BarOffset(bar))) & ~(bar.SizeBytes - 1);

    private void SetHalf(int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(offset), value);

    private static void SetMask(byte[] masks, RegisterSpec row)
    {
        for (int i = 0; i < row.WidthBytes; i++)
        {
            masks[(int)row.Offset + i] = (byte)(row.WriteMask >> (8 * i));
        }
    }

    private static int BarOffset(PciBar bar) => PciConfigOffset.Bar0 + 4 * bar.Index;
}
