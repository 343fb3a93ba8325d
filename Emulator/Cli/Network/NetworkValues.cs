using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Emulator.Cli.Options;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>Addresses, ports, times and chances as network options write them. Every method names the option in its complaint.</summary>
internal static class NetworkValues
{
    /// <summary>Longer would be of no use, and this still fits where picoseconds are counted.</summary>
    private const decimal LongestSeconds = 3600;

    /// <summary>An IPv4 address.</summary>
    public static IPv4Address Address(string option, string text) =>
        IPv4Address.TryParse(text, out var address)
            ? address
            : throw new UsageException($"{option}: {OptionValues.Quote(text)} is not an IPv4 address; write one such as 10.0.2.2");

    public static ushort Port(string option, string text) => (ushort)OptionValues.Whole(option, text, 1, ushort.MaxValue);

    /// <summary>A card's own address.</summary>
    public static MacAddress Mac(string option, string text)
    {
        const string Hint = "write one such as 52:54:00:12:34:56";
        if (!MacAddress.TryParse(text, out var mac))
        {
            throw new UsageException($"{option}: {OptionValues.Quote(text)} is not an Ethernet address; {Hint}");
        }

        return mac.IsMulticast || mac.Value == 0
            ? throw new UsageException($"{option}: {text} is not the address of one card; {Hint}")
            : mac;
    }

    /// <summary><c>HOST:PORT</c>; no host at all is the loop-back address.</summary>
    public static IPEndPoint EndPoint(string option, string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            throw new UsageException($"{option}: {OptionValues.Quote(text)} has no port; write HOST:PORT, such as 127.0.0.1:8900");
        }

        return new IPEndPoint(HostAddress(option, text[..colon]), Port(option, text[(colon + 1)..]));
    }

    /// <summary>A numeric address of the host's network; empty and <c>localhost</c> are the loop-back address.</summary>
    public static IPAddress HostAddress(string option, string text)
    {
        if (text is "" or "localhost")
        {
            return IPAddress.Loopback;
        }

        bool isIPv6 = text.StartsWith('[') && text.EndsWith(']');
        if (isIPv6 && IPAddress.TryParse(text, out var address))
        {
            return address;
        }

        // The framework's parser takes "1" and "1.2" too.
        return IPv4Address.TryParse(text, out _) || text.Contains(':')
            ? IPAddress.TryParse(text, out address)
                ? address
                : throw NoAddress()
            : throw NoAddress();

        UsageException NoAddress() =>
            new($"{option}: {OptionValues.Quote(text)} is not an address; write a number such as 127.0.0.1");
    }

    /// <summary>A multicast group of the host's network.</summary>
    public static bool IsMulticast(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? address.IsIPv6Multicast : address.GetAddressBytes()[0] >> 4 == 14;

    /// <summary>Nanoseconds from <c>20ms</c>, <c>1.5s</c>, <c>100us</c> or <c>500ns</c>.</summary>
    public static ulong Nanoseconds(string option, string text)
    {
        (string Suffix, decimal Nanoseconds)[] units = [("ns", 1), ("us", 1000), ("µs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000)];
        foreach (var (suffix, nanoseconds) in units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal) && TryDecimal(text[..^suffix.Length], out decimal value)
                && value * nanoseconds <= LongestSeconds * 1_000_000_000)
            {
                return (ulong)(value * nanoseconds);
            }
        }

        throw new UsageException($"{option}: {OptionValues.Quote(text)} is not a time; write 20ms, 1.5s, 100us or 500ns (an hour at most)");
    }

    /// <summary>Bits in a second from <c>10M</c>, <c>1G</c>, <c>56k</c> or <c>10Mbit</c>.</summary>
    public static ulong BitsPerSecond(string option, string text)
    {
        string number = text;
        foreach (string suffix in (string[])["bit/s", "bps", "bit", "b/s"])
        {
            if (number.EndsWith(suffix, StringComparison.Ordinal))
            {
                number = number[..^suffix.Length];
                break;
            }
        }

        decimal unit = 1;
        if (number.Length > 0)
        {
            unit = number[^1] switch { 'k' or 'K' => 1000, 'M' => 1_000_000, 'G' => 1_000_000_000, _ => 1 };
            number = unit == 1 ? number : number[..^1];
        }

        return TryDecimal(number, out decimal value) && value * unit is >= 1 and <= 1_000_000_000_000
            ? (ulong)(value * unit)
            : throw new UsageException($"{option}: {OptionValues.Quote(text)} is not a rate; write 10Mbit, 1Gbit or 56kbit");
    }

    private static bool TryDecimal(string text, out decimal value)
    {
        const int MostDigits = 15;
        value = 0;
        return text.Length is > 0 and <= MostDigits
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
    }
}
