using System.Net.NetworkInformation;
using System.Net.Sockets;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>The name server that the host itself asks.</summary>
internal static class HostResolver
{
    private const ushort DnsPort = 53;

    /// <summary>The first with an IPv4 address; null if there is none.</summary>
    public static HostEndpoint? Find()
    {
        try
        {
            foreach (var network in NetworkInterface.GetAllNetworkInterfaces())
            {
                foreach (var address in network.GetIPProperties().DnsAddresses)
                {
                    if (address.AddressFamily == AddressFamily.InterNetwork && IPv4Address.TryParse(address.ToString(), out var server))
                    {
                        return new HostEndpoint(server, DnsPort);
                    }
                }
            }
        }
        catch (Exception e) when (e is NetworkInformationException or IOException or PlatformNotSupportedException)
        {
            // Names that are not in the table then do not exist.
        }

        return null;
    }
}
