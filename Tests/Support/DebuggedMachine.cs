using System.Net;
using System.Net.Sockets;
using RiscvXv6.Emulator.Gdb;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Tests.Support;

/// <summary>A machine that runs on a thread of its own, with a debugger's port on the loop-back interface.</summary>
internal sealed class DebuggedMachine : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly GdbServer _server;
    private readonly Thread _thread;
    private readonly List<string> _notices = [];
    private MachineExit? _exit;

    /// <param name="machine">Stays the caller's.</param>
    /// <param name="isHalted">From the start.</param>
    /// <param name="monitor">What lines for the monitor do.</param>
    public DebuggedMachine(VirtMachine machine, bool isHalted = true, Action<string, TextWriter>? monitor = null)
    {
        Machine = machine;
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        _server = new GdbServer(listener, machine, monitor, line =>
        {
            lock (_notices)
            {
                _notices.Add(line);
            }
        });
        if (isHalted)
        {
            machine.Debug.Halt();
        }

        _server.Start();
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public VirtMachine Machine { get; }

    public int Port { get; }

    /// <summary>What the server told a person: nothing but faults of its own.</summary>
    public IReadOnlyList<string> Notices
    {
        get
        {
            lock (_notices)
            {
                return [.. _notices];
            }
        }
    }

    public bool HasEnded => !_thread.IsAlive;

    public bool IsHalted => Ask(machine => machine.Debug.IsHalted);

    public GdbClient Connect() => new(Port);

    /// <summary>A question of the test's own, on the machine's thread.</summary>
    public T Ask<T>(Func<VirtMachine, T> question) =>
        Machine.TryAsk(() => question(Machine), out var answer) ? answer! : throw new InvalidOperationException("the machine has ended");

    /// <summary>Waits until something is so.</summary>
    public void WaitUntil(Func<VirtMachine, bool> condition)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); !Ask(condition); Thread.Sleep(1))
        {
            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException("it never came");
            }
        }
    }

    /// <summary>Waits for the machine's own end.</summary>
    public MachineExit WaitForEnd()
    {
        if (!_thread.Join(Patience))
        {
            throw new TimeoutException("the machine does not end");
        }

        return _exit!;
    }

    /// <summary>Ends the machine, if it has not ended.</summary>
    public void Dispose()
    {
        Machine.RequestStop(StopReason.Quit);
        WaitForEnd();
    }

    private void Run()
    {
        _exit = Machine.Run();
        Machine.RefuseRequests();
        _server.Dispose();
    }
}
