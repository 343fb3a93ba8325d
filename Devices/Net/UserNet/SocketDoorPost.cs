using RiscvXv6.Devices.Net.Host;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// The way from a <see cref="SocketDoor"/>'s host threads to the machine thread. Everything here may be used from any
/// thread.
/// </summary>
internal sealed class SocketDoorPost(IHostChannel channel)
{
    /// <summary>
    /// Above so many bytes that the machine has not handled yet, sockets are not read: the host's buffers fill, and TCP
    /// slows down.
    /// </summary>
    private const int PendingBytesMax = 8 << 20;

    private const int HoldBackMilliseconds = 2;

    /// <summary>Tells something that carries no bytes.</summary>
    public void Post(in SocketDoorMessage message)
    {
        Span<byte> bytes = stackalloc byte[SocketDoorMessage.HeaderBytes];
        message.Write(bytes);
        channel.Post(bytes);
    }

    /// <summary>Tells something with bytes.</summary>
    /// <param name="message">Is written into the buffer's beginning.</param>
    /// <param name="buffer">Room for the header, then the bytes.</param>
    /// <param name="count">Of the bytes, without header.</param>
    public void Post(in SocketDoorMessage message, Span<byte> buffer, int count)
    {
        message.Write(buffer);
        channel.Post(buffer[..(SocketDoorMessage.HeaderBytes + count)]);
    }

    /// <summary>Waits while the machine is behind, so that a flood takes no memory.</summary>
    public async ValueTask HoldBackAsync()
    {
        while (channel.PendingBytes > PendingBytesMax)
        {
            await Task.Delay(HoldBackMilliseconds).ConfigureAwait(false);
        }
    }
}
