using System.Net;
using System.Net.Sockets;

namespace RiscvXv6.Tests.RealGuests;

/// <summary>
/// The host's side of a transfer each way over one TCP connection to a forwarded port of the host, on the loop-back address: it sends
/// all of its bytes, says that these are all, and reads until the guest has said the same. Until the guest listens, it tries again.
/// </summary>
internal sealed class TransferPeer : IDisposable
{
    private const int RetryMilliseconds = 200;
    private const int SilenceLimitMilliseconds = 60_000;

    private readonly byte[] _upload;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<byte[]> _download;

    /// <param name="upload">What the guest is to receive.</param>
    public TransferPeer(byte[] upload)
    {
        _upload = upload;
        using (var reserved = new TcpListener(IPAddress.Loopback, 0))
        {
            reserved.Start();
            Port = ((IPEndPoint)reserved.LocalEndpoint).Port;
        }

        _download = Task.Run(TransferWhenThereIsSomebodyAsync);
    }

    /// <summary>The host's port to be forwarded to the guest; it was free a moment ago.</summary>
    public int Port { get; }

    /// <summary>What the guest sent. To be read once the guest has ended, which ends the wait as well.</summary>
    public byte[] Download()
    {
        _stop.CancelAfter(TimeSpan.FromSeconds(5));
        return _download.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _download.Wait();
        _stop.Dispose();
    }

    private async Task<byte[]> TransferWhenThereIsSomebodyAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await TransferAsync() is { Length: > 0 } received)
                {
                    return received;
                }

                await Task.Delay(RetryMilliseconds, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                // The guest has ended without a transfer.
            }
        }

        return [];
    }

    /// <summary>Gives nothing if nobody listens in the guest: the user network has then accepted the connection, and closes it.</summary>
    private async Task<byte[]> TransferAsync()
    {
        using var received = new MemoryStream();
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        silence.CancelAfter(SilenceLimitMilliseconds);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Port, silence.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(_upload, silence.Token);
            socket.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(received, silence.Token);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // What has arrived until then tells whether there was somebody.
        }

        return received.ToArray();
    }
}
