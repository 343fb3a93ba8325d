using System.Buffers.Binary;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// What a host thread of a <see cref="SocketDoor"/> tells the machine: a header of fixed size, and bytes. It stands in
/// recordings, so it says all there is to say.
/// </summary>
/// <param name="Kind">What happened.</param>
/// <param name="Identity">The socket's number, never used twice in a run; for TcpAccepted, the listener's.</param>
/// <param name="Peer">Whom it concerns, where somebody is concerned.</param>
/// <param name="Number">See <see cref="SocketDoorMessageKind"/>; for TcpAccepted, the identity of the new connection.</param>
internal readonly record struct SocketDoorMessage(
    SocketDoorMessageKind Kind, int Identity, HostEndpoint Peer = default, int Number = 0)
{
    /// <summary>Bytes before those that the message carries.</summary>
    public const int HeaderBytes = 15;

    /// <summary>Reads a message's header. False if it is too short to be one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SocketDoorMessage message, out ReadOnlySpan<byte> payload)
    {
        message = default;
        payload = default;
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        var address = new IPv4Address(BinaryPrimitives.ReadUInt32LittleEndian(bytes[5..]));
        ushort port = BinaryPrimitives.ReadUInt16LittleEndian(bytes[9..]);
        message = new SocketDoorMessage(
            (SocketDoorMessageKind)bytes[0],
            BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]),
            new HostEndpoint(address, port),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[11..]));
        payload = bytes[HeaderBytes..];
        return true;
    }

    /// <summary>Writes the header, for which there must be room.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes[0] = (byte)Kind;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[1..], Identity);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[5..], Peer.Address.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[9..], Peer.Port);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[11..], Number);
    }
}
