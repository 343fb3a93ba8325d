using System.Net.Sockets;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Gdb;

/// <summary>
/// The debugger's port: takes one client at a time, on threads of its own. Who connects without a word, and goes, changes nothing.
/// </summary>
internal sealed class GdbServer : IDisposable
{
    /// <summary>What a client that is going has, before the next one is refused.</summary>
    private const int GoingMilliseconds = 200;

    /// <summary>What the last packet has to get away at the end.</summary>
    private const int FarewellMilliseconds = 100;

    private readonly Socket _listener;
    private readonly VirtMachine _machine;
    private readonly Action<string, TextWriter>? _monitor;
    private readonly Action<string> _notice;
    private volatile GdbSession? _session;
    private volatile bool _isClosed;

    /// <param name="listener">Listens already; is closed by the server.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="monitor">Runs a line for the machine's monitor, on the machine's thread; null if there is none.</param>
    /// <param name="notice">Told, in a line, what a person ought to know.</param>
    public GdbServer(Socket listener, VirtMachine machine, Action<string, TextWriter>? monitor, Action<string> notice)
    {
        _listener = listener;
        _machine = machine;
        _monitor = monitor;
        _notice = notice;
    }

    /// <summary>Serves until it is disposed.</summary>
    public void Start() => new Thread(Accept) { IsBackground = true, Name = "gdb port" }.Start();

    /// <summary>Lets the client know of the machine's end, if it listens, and closes the port.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _listener.Dispose();
        if (_session is { } session && !session.WaitForEnd(FarewellMilliseconds))
        {
            session.Close();
        }
    }

    private void Accept()
    {
        while (!_isClosed)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (!_isClosed)
                {
                    // Whoever wanted to connect is gone again, or the host is short of something for the moment.
                    Thread.Sleep(GoingMilliseconds);
                }

                continue;
            }

            if (_session is { } former && !former.WaitForEnd(GoingMilliseconds))
            {
                socket.Dispose();
                continue;
            }

            _session = new GdbSession(socket, _machine, _monitor, Report);
            _session.Start();
        }
    }

    private void Report(Exception fault) =>
        _notice($"the debugger's connection was closed by a fault of this program, please report it: {fault}");
}
