using System.Globalization;
using System.Text;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>The names that are answered from here. Encoded once, so that a query is compared as it came.</summary>
internal sealed class DnsTable
{
    private readonly Entry[] _entries;

    /// <param name="hosts">Names that can be encoded; others are left out.</param>
    public DnsTable(IEnumerable<DnsHost> hosts)
    {
        var entries = new List<Entry>();
        foreach (var host in hosts)
        {
            if (DnsName.TryEncode(host.Name, out byte[] name))
            {
                entries.Add(new Entry(name, host.Address));
            }
        }

        _entries = [.. entries];
    }

    public int Count => _entries.Length;

    /// <summary>Whether the table has the name.</summary>
    public bool Contains(ReadOnlySpan<byte> name)
    {
        foreach (var entry in _entries)
        {
            if (DnsName.AreEqual(entry.Name, name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds all addresses of a name to an answer.</summary>
    public void AddAddresses(ref DnsWriter answer, ReadOnlySpan<byte> name, uint lifetimeSeconds)
    {
        Span<byte> address = stackalloc byte[IPv4Address.SizeBytes];
        foreach (var entry in _entries)
        {
            if (DnsName.AreEqual(entry.Name, name))
            {
                entry.Address.Write(address);
                answer.Add(DnsType.Address, lifetimeSeconds, address);
            }
        }
    }

    /// <summary>The first name of an address; false if there is none.</summary>
    public bool TryFindName(IPv4Address address, out ReadOnlySpan<byte> name)
    {
        foreach (var entry in _entries)
        {
            if (entry.Address == address)
            {
                name = entry.Name;
                return true;
            }
        }

        name = default;
        return false;
    }

    /// <summary>Reads <c>15.2.0.10.in-addr.arpa</c> (RFC 1035 "IN-ADDR.ARPA domain").</summary>
    public static bool TryParseReverse(ReadOnlySpan<byte> name, out IPv4Address address)
    {
        address = default;
        uint value = 0;
        for (int octet = 0; octet < IPv4Address.SizeBytes; octet++)
        {
            int lengthBytes = name.IsEmpty ? 0 : name[0];
            if (lengthBytes is 0 or > 3 || name.Length <= lengthBytes
                || !byte.TryParse(
                    name.Slice(1, lengthBytes), NumberStyles.None, CultureInfo.InvariantCulture, out byte number))
            {
                return false;
            }

            value |= (uint)number << 8 * octet;
            name = name[(1 + lengthBytes)..];
        }

        address = new IPv4Address(value);
        return Ascii.EqualsIgnoreCase(name, "\u0007in-addr\u0004arpa\0"u8);
    }

    private readonly record struct Entry(byte[] Name, IPv4Address Address);
}
