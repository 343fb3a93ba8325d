using System.Buffers.Binary;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// Which frames the card keeps by their addresses and VLAN tag (SDM "Packet Address Filtering"). It has no state of its
/// own: the registers are all there is.
/// </summary>
public sealed class ReceiveFilter(RegisterFile<E1000Register> registers)
{
    /// <summary>Entries of RAL and RAH.</summary>
    public const int AddressCount = 16;

    /// <summary>Where the EtherType of an untagged frame is, and the tag of a tagged one.</summary>
    public const int TypeOffset = 2 * MacAddress.SizeBytes;

    private const uint SourceSelected = 1u << 16;

    /// <summary>Judges a frame of any length.</summary>
    /// <param name="frame">From the destination address on.</param>
    /// <param name="isInexact">Only the hash of the multicast table let it through: PIF.</param>
    public bool Accepts(ReadOnlySpan<byte> frame, out bool isInexact)
    {
        isInexact = false;
        return frame.Length >= TypeOffset && AcceptsAddress(frame, out isInexact) && AcceptsTag(frame);
    }

    /// <summary>Whether the frame has a VLAN tag: its type is VET's, and there is room for the tag.</summary>
    public bool IsTagged(ReadOnlySpan<byte> frame) =>
        frame.Length >= TypeOffset + VlanTag.SizeBytes
        && BinaryPrimitives.ReadUInt16BigEndian(frame[TypeOffset..]) == (ushort)registers[E1000Register.Vet];

    /// <summary>Whether the address is the station's own, that of RAL[0] and RAH[0].</summary>
    public bool IsStation(MacAddress address) => IsEntry(0, address, select: 0);

    private bool AcceptsAddress(ReadOnlySpan<byte> frame, out bool isInexact)
    {
        isInexact = false;
        uint rctl = (uint)registers[E1000Register.Rctl];
        var destination = MacAddress.Read(frame);
        if (MatchesExactly(destination, MacAddress.Read(frame[MacAddress.SizeBytes..])))
        {
            return true;
        }

        if (!destination.IsMulticast)
        {
            return (rctl & Rctl.UnicastPromiscuous) != 0;
        }

        if ((rctl & Rctl.MulticastPromiscuous) != 0
            || ((rctl & Rctl.BroadcastAccept) != 0 && destination == MacAddress.Broadcast))
        {
            return true;
        }

        isInexact = MatchesHash(destination, (int)((rctl & Rctl.MulticastOffsetMask) >> Rctl.MulticastOffsetShift));
        return isInexact;
    }

    private bool MatchesExactly(MacAddress destination, MacAddress source)
    {
        for (int index = 0; index < AddressCount; index++)
        {
            if (IsEntry(index, destination, select: 0) || IsEntry(index, source, SourceSelected))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// SDM "Receive Address High": valid, to be compared with the destination (AS 0) or source (AS 1), and equal.
    /// </summary>
    private bool IsEntry(int index, MacAddress address, uint select)
    {
        uint high = (uint)registers[E1000Register.Rah, index];
        return (high & Rah.AddressValid) != 0
            && (high & Rah.AddressSelectMask) == select
            && address == StoredAddress((uint)registers[E1000Register.Ral, index], high);
    }

    /// <summary>SDM "Ethernet Addressing": the first byte on the wire is the lowest of the low register.</summary>
    internal static MacAddress StoredAddress(uint low, uint high) =>
        new((ulong)BinaryPrimitives.ReverseEndianness(low) << 16 | BinaryPrimitives.ReverseEndianness((ushort)high));

    /// <summary>
    /// SDM "Multicast Table Array": twelve bits of the address, from the last two bytes on the wire, choose one of
    /// 4096.
    /// </summary>
    private bool MatchesHash(MacAddress destination, int offset)
    {
        // In the manual's counting the fifth byte on the wire is bits 39:32, and the sixth 47:40.
        uint bits47To32 = (uint)(BinaryPrimitives.ReverseEndianness((ushort)destination.Value));
        int shift = offset switch
        {
            0 => 4,
            1 => 3,
            2 => 2,
            _ => 0,
        };
        int hash = (int)(bits47To32 >> shift & 0xfff);
        return (registers[E1000Register.Mta, hash >> 5] >> (hash & 31) & 1) != 0;
    }

    /// <summary>
    /// SDM "802.1q VLAN Packet Filtering": RCTL.VFE puts VFTA, and with CFIEN the CFI bit, before tagged frames.
    /// </summary>
    private bool AcceptsTag(ReadOnlySpan<byte> frame)
    {
        uint rctl = (uint)registers[E1000Register.Rctl];
        if ((rctl & Rctl.VlanFilterEnable) == 0 || !IsTagged(frame))
        {
            return true;
        }

        ushort tag = VlanTag.Control(frame[TypeOffset..]);
        if ((rctl & Rctl.CanonicalFormEnable) != 0
            && (tag & VlanTag.CanonicalForm) != 0 != ((rctl & Rctl.CanonicalForm) != 0))
        {
            return false;
        }

        int identifier = tag & VlanTag.IdentifierMask;
        return (registers[E1000Register.Vfta, identifier >> 5] >> (identifier & 31) & 1) != 0;
    }
}
