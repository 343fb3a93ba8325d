using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>Addresses as the host's sockets want them.</summary>
internal static class SocketDoorAddresses
{
    // struct sockaddr_in, the same on every host: family, port, address.
    private const int PortOffset = 2;
    private const int AddressOffset = 4;

    public static IPEndPoint ToIPEndPoint(this HostEndpoint endpoint) => new(endpoint.Address.ToIPAddress(), endpoint.Port);

    public static IPAddress ToIPAddress(this IPv4Address address)
    {
        Span<byte> bytes = stackalloc byte[IPv4Address.SizeBytes];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address.Value);
        return new IPAddress(bytes);
    }

    /// <summary>Reads the address of an IPv4 socket.</summary>
    public static HostEndpoint ToHostEndpoint(this EndPoint? endpoint)
    {
        if (endpoint is not IPEndPoint { AddressFamily: AddressFamily.InterNetwork } address)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[IPv4Address.SizeBytes];
        address.Address.TryWriteBytes(bytes, out _);
        return new HostEndpoint(new IPv4Address(BinaryPrimitives.ReadUInt32BigEndian(bytes)), (ushort)address.Port);
    }

    public static SocketAddress Create() => new(AddressFamily.InterNetwork);

    public static void Set(this SocketAddress address, HostEndpoint endpoint)
    {
        BinaryPrimitives.WriteUInt16BigEndian(address.Buffer.Span[PortOffset..], endpoint.Port);
        BinaryPrimitives.WriteUInt32BigEndian(address.Buffer.Span[AddressOffset..], endpoint.Address.Value);
    }

    public static HostEndpoint Get(this SocketAddress address) => new(
        new IPv4Address(BinaryPrimitives.ReadUInt32BigEndian(address.Buffer.Span[AddressOffset..])),
        BinaryPrimitives.ReadUInt16BigEndian(address.Buffer.Span[PortOffset..]));
}
