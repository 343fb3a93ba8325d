using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RiscvXv6.Tests.Support;

/// <summary>Ports of the loop-back interface for programs that a test starts.</summary>
internal static class FreePort
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A port that was free a moment ago.</summary>
    public static int Take()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Connects as soon as the program listens.</summary>
    public static GdbClient Connect(int port, Process process)
    {
        for (var watch = Stopwatch.StartNew(); ; Thread.Sleep(2))
        {
            try
            {
                return new GdbClient(port);
            }
            catch (SocketException e)
            {
                if (process.HasExited || watch.Elapsed > Patience)
                {
                    throw new TimeoutException($"{process.StartInfo.FileName} does not listen at port {port}", e);
                }
            }
        }
    }
}
