using System.Net.Sockets;
using RiscvXv6.Devices.Net.Peers;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>A conversation over a socket of the host's: two loops, each waiting for its own side.</summary>
internal sealed class PeerConnection(Socket socket, IPeerConversation conversation, CancellationToken end)
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>How long the other end may take to close once all has been said.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _somethingToSay = new(1);
    private readonly SemaphoreSlim _roomToListen = new(1);

    public async Task RunAsync()
    {
        try
        {
            socket.NoDelay = true;
            var listening = ListenAsync();
            await SayAsync();
            socket.Shutdown(SocketShutdown.Send);
            await listening.WaitAsync(Patience, end);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException or TimeoutException)
        {
            // The other end is gone, or we are.
        }
    }

    private async Task ListenAsync()
    {
        byte[] chunk = new byte[ChunkBytes];
        while (true)
        {
            int room = Locked(() => conversation.ReceiveRoomBytes);
            if (room == 0)
            {
                await _roomToListen.WaitAsync(end);
                continue;
            }

            int length;
            try
            {
                length = await socket.ReceiveAsync(chunk.AsMemory(0, Math.Min(room, ChunkBytes)), end);
            }
            catch (SocketException)
            {
                length = 0;
            }

            Locked(() =>
            {
                if (length == 0)
                {
                    conversation.EndReceive();
                }
                else
                {
                    conversation.Receive(chunk.AsSpan(0, length));
                }

                return 0;
            });
            _somethingToSay.Release();
            if (length == 0)
            {
                return;
            }
        }
    }

    private async Task SayAsync()
    {
        byte[] chunk = new byte[ChunkBytes];
        while (true)
        {
            int length = Locked(() => conversation.Read(chunk));
            for (int sent = 0; sent < length;)
            {
                sent += await socket.SendAsync(chunk.AsMemory(sent, length - sent), end);
            }

            if (length > 0)
            {
                _roomToListen.Release();
            }
            else if (Locked(() => conversation.HasEnded))
            {
                return;
            }
            else
            {
                await _somethingToSay.WaitAsync(end);
            }
        }
    }

    private T Locked<T>(Func<T> look)
    {
        lock (conversation)
        {
            return look();
        }
    }
}
