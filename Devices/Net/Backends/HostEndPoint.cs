using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RiscvXv6.Devices.Net.Backends;

/// <summary>Addresses of the host as people write and read them.</summary>
public static class HostEndPoint
{
    /// <summary>
    /// Reads <c>127.0.0.1:5555</c>, <c>localhost:5555</c>, <c>[::1]:5555</c>, or a name that the host's resolver knows. Without an address, as
    /// in <c>:5555</c>, it is 127.0.0.1, and not every interface of the host.
    /// </summary>
    /// <param name="problem">A clause that says what is wrong.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? endPoint, [NotNullWhen(false)] out string? problem)
    {
        endPoint = null;
        int colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            problem = $"'{text}' is not an address and a port, such as 127.0.0.1:5555";
            return false;
        }

        if (!TryParseAddress(text[..colon], out var address, out problem))
        {
            return false;
        }

        endPoint = new IPEndPoint(address, port);
        return true;
    }

    /// <summary>Reads an address or a name; nothing at all is 127.0.0.1.</summary>
    /// <param name="problem">A clause that says what is wrong.</param>
    public static bool TryParseAddress(
        string text, [NotNullWhen(true)] out IPAddress? address, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        address = null;
        if (text.Length == 0 || text.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            address = IPAddress.Loopback;
            return true;
        }

        if (Wire.IPv4Address.TryParse(text, out var plain))
        {
            address = new IPAddress(BinaryPrimitives.ReverseEndianness(plain.Value));
            return true;
        }

        if (text.StartsWith('[') && text.EndsWith(']') && IPAddress.TryParse(text[1..^1], out var parsed)
            && parsed.AddressFamily == AddressFamily.InterNetworkV6)
        {
            address = parsed;
            return true;
        }

        if (char.IsAsciiLetter(text[0]) && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.'))
        {
            try
            {
                address = Dns.GetHostAddresses(text, AddressFamily.InterNetwork).FirstOrDefault();
            }
            catch (Exception exception) when (exception is SocketException or ArgumentException)
            {
                // Told below.
            }
        }

        problem = address is null ? $"'{text}' is no address of a host" : null;
        return address is not null;
    }

    /// <summary>In words for a message.</summary>
    internal static string Describe(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint ip => ip.ToString(),
        _ when endPoint.ToString() is { Length: > 0 } text => text,
        _ => "a peer",
    };

    /// <summary>Why a socket failed, in a few words.</summary>
    internal static string Explain(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.TimedOut => "no answer",
        SocketError.ConnectionReset => "reset by the peer",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "unreachable",
        SocketError.AddressNotAvailable => "there is no such address",
        _ => exception.Message,
    };

    /// <summary>An end point can't be bound.</summary>
    internal static NetworkBackendException Refused(EndPoint endPoint, SocketException exception)
    {
        string what = endPoint is IPEndPoint ip ? $"port {ip.Port} of {ip.Address}" : Describe(endPoint);
        string why = (exception.SocketErrorCode, endPoint) switch
        {
            (SocketError.AddressAlreadyInUse, IPEndPoint) => "is in use",
            (SocketError.AddressAlreadyInUse, _) => "exists; remove it if no other program uses it",
            (SocketError.AccessDenied, _) => "is forbidden",
            (SocketError.AddressNotAvailable, _) => "is no address of this host",
            _ => $"can't be had: {exception.Message}",
        };
        return new NetworkBackendException($"{what} {why}", exception);
    }
}
