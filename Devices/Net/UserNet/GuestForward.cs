using System.Globalization;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>A port of the guest's network behind which a port of the host is found (QEMU's <c>guestfwd</c>).</summary>
/// <param name="Server">What the guest connects to.</param>
/// <param name="Target">Where the host connects then.</param>
public readonly record struct GuestForward(HostEndpoint Server, HostEndpoint Target)
{
    /// <summary>Reads <c>tcp:10.0.2.100:80-tcp:127.0.0.1:8080</c>; the first <c>tcp</c> may be left out.</summary>
    /// <param name="text">What follows <c>guestfwd=</c>.</param>
    /// <param name="forward">The result.</param>
    /// <param name="error">A clause that follows the option's name; empty if all is well.</param>
    public static bool TryParse(string text, out GuestForward forward, out string error)
    {
        forward = default;
        error = "";
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
        {
            error = $"'{text}' has no '-' between the guest's side and the host's";
            return false;
        }

        string near = text[..dash];
        string far = text[(dash + 1)..];
        if (far.StartsWith("cmd:", StringComparison.Ordinal))
        {
            error = "'cmd:' is not supported; let a program listen on a port and forward to that";
            return false;
        }

        string? nearEndpoint = Strip(near, mayBeAbsent: true);
        string? farEndpoint = Strip(far, mayBeAbsent: false);
        if (nearEndpoint is null || !TryParseEndpoint(nearEndpoint, out var server))
        {
            error = $"'{near}' is not of the form tcp:ADDRESS:PORT";
            return false;
        }

        if (farEndpoint is null || !TryParseEndpoint(farEndpoint, out var target))
        {
            error = $"'{far}' is not of the form tcp:ADDRESS:PORT";
            return false;
        }

        forward = new GuestForward(server, target);
        return true;
    }

    private static string? Strip(string text, bool mayBeAbsent)
    {
        if (text.StartsWith("tcp:", StringComparison.Ordinal))
        {
            return text["tcp:".Length..];
        }

        return mayBeAbsent ? text.TrimStart(':') : null;
    }

    private static bool TryParseEndpoint(string text, out HostEndpoint endpoint)
    {
        endpoint = default;
        int colon = text.LastIndexOf(':');
        if (colon < 0
            || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            || port == 0)
        {
            return false;
        }

        string host = text[..colon] == "localhost" ? "127.0.0.1" : text[..colon];
        bool isAddress = IPv4Address.TryParse(host, out var address);
        endpoint = new HostEndpoint(address, port);
        return isAddress;
    }
}
