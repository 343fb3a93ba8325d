using System.Net;
using System.Net.Sockets;
using RiscvXv6.Emulator.Gdb;
using RiscvXv6.Tests.Support;
using RiscvXv6.Tests.Xv6;

namespace RiscvXv6.Tests.Gdb;

/// <summary>Our xv6 with a script at its console and somebody at its debugger's port, halted at reset until that one lets it go.</summary>
internal static class DebuggedGuest
{
    /// <summary>A session that has a program run and turns the machine off.</summary>
    public static GuestRequest Session(int harts, params string[] lines) =>
        Xv6Guest.Session(harts, Xv6Guest.Disk(), lines) with { LimitGuestSeconds = 60, LimitHostSeconds = 180 };

    /// <summary>Runs the guest to its end.</summary>
    /// <param name="request">The guest and its console.</param>
    /// <param name="debug">Given the port; must let the machine go, or end it.</param>
    public static GuestRun Run(GuestRequest request, Action<int> debug)
    {
        var port = new TaskCompletionSource<int>();
        GdbServer? server = null;
        var platform = new MachinePlatform(prepare: machine =>
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            server = new GdbServer(listener, machine, monitor: null, static line => throw new InvalidOperationException(line));
            machine.Debug.Halt();
            server.Start();
            port.SetResult(((IPEndPoint)listener.LocalEndPoint!).Port);
        });
        var run = Task.Factory.StartNew(() => platform.Run(request), TaskCreationOptions.LongRunning);
        Task.WaitAny(port.Task, run);
        if (run.IsFaulted)
        {
            run.GetAwaiter().GetResult();
        }

        try
        {
            debug(port.Task.Result);
        }
        catch
        {
            // Whatever went wrong, the machine must not stay behind.
            using var killer = new GdbClient(port.Task.Result);
            killer.SendRaw(GdbClient.Frame("k"));
            throw;
        }

        var result = run.GetAwaiter().GetResult();
        server!.Dispose();
        return result;
    }
}
