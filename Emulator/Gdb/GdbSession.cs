using System.Net.Sockets;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Gdb;

/// <summary>
/// One client's connection. A thread receives, another one works off what came, in order, and sends; the machine is asked only between
/// its turns and never waits for the client.
/// </summary>
internal sealed class GdbSession
{
    private const int ReceiveBytes = 16 * 1024;

    /// <summary>A client that takes nothing for so long is given up.</summary>
    private const int SendPatienceMilliseconds = 60_000;

    private readonly Socket _socket;
    private readonly VirtMachine _machine;
    private readonly GdbStub _stub;
    private readonly SessionInbox _inbox = new();
    private readonly PacketReader _reader = new();
    private readonly ReplyBuffer _reply = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly Action<Exception> _onFault;
    private byte[] _last = [];

    /// <param name="socket">Connected; is closed by the session.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="monitor">Runs a line for the machine's monitor, on the machine's thread; null if there is none.</param>
    /// <param name="onFault">Told of a fault of ours, which ends the session.</param>
    public GdbSession(Socket socket, VirtMachine machine, Action<string, TextWriter>? monitor, Action<Exception> onFault)
    {
        _socket = socket;
        _machine = machine;
        _onFault = onFault;
        _stub = new GdbStub(machine, monitor, _inbox.PutForClient, _inbox.PutLast);
    }

    public void Start()
    {
        _socket.NoDelay = true;
        _socket.SendTimeout = SendPatienceMilliseconds;
        new Thread(Receive) { IsBackground = true, Name = "gdb receiver" }.Start();
        new Thread(Work) { IsBackground = true, Name = "gdb session" }.Start();
    }

    /// <summary>Waits until the client is gone, and what it left behind is in order.</summary>
    /// <returns>False if it did not come in time.</returns>
    public bool WaitForEnd(int milliseconds) => _ended.Wait(milliseconds);

    /// <summary>Ends the session, whatever its client does.</summary>
    public void Close()
    {
        _inbox.Close();
        _socket.Dispose();
    }

    private void Receive()
    {
        try
        {
            while (!_inbox.IsClosed)
            {
                byte[] bytes = new byte[ReceiveBytes];
                int length = _socket.Receive(bytes);
                if (length == 0)
                {
                    break;
                }

                _inbox.PutReceived(bytes.AsMemory(0, length));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone, which is no fault of anybody.
        }

        _inbox.Close();
    }

    private void Work()
    {
        try
        {
            while (_inbox.TryTake(out var item) && (item.IsFromClient ? Take(item.Bytes.Span) : Deliver(item.Bytes)))
            {
            }

            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
        catch (Exception e)
        {
            _onFault(e);
        }

        Close();
        _machine.TryAsk(Leave, out _);
        _ended.Set();
    }

    private bool Leave()
    {
        _stub.Leave();
        return true;
    }

    /// <returns>False if the session is over.</returns>
    private bool Take(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            bool goesOn = _reader.Take(value) switch
            {
                WireEvent.Packet => Answer(),
                WireEvent.Malformed => Refuse(),
                WireEvent.Damaged => Send("-"u8),
                WireEvent.Resend => Send(_last),
                WireEvent.Interrupt => _machine.TryAsk(Interrupt, out _),
                _ => true,
            };
            if (!goesOn)
            {
                return false;
            }
        }

        return true;
    }

    private bool Interrupt()
    {
        _stub.Interrupt();
        return true;
    }

    private bool Answer()
    {
        Acknowledge();
        _reply.Clear();
        if (!_machine.TryAsk(() => _stub.Handle(_reader.Content, _reply), out var outcome))
        {
            return DeliverRest();
        }

        while (outcome == PacketOutcome.Continue)
        {
            if (_inbox.IsClosed || !_machine.TryAsk(() => _stub.Continue(_reply), out outcome))
            {
                return false;
            }
        }

        _reader.IgnoresChecksums = _stub.HasNoAcknowledgements;
        if (outcome == PacketOutcome.Reply)
        {
            _last = _reply.Last.ToArray();
            Send(_reply.Wire.Span);
        }

        return true;
    }

    private bool Refuse()
    {
        Acknowledge();
        _reply.Clear();
        _reply.Text(GdbError.Invalid).End();
        return Deliver(_reply.Wire.ToArray());
    }

    private void Acknowledge()
    {
        if (!_stub.HasNoAcknowledgements)
        {
            Send("+"u8);
        }
    }

    private bool Deliver(ReadOnlyMemory<byte> packet)
    {
        _last = packet.ToArray();
        return Send(_last);
    }

    /// <summary>The machine has ended; it may have said how.</summary>
    private bool DeliverRest()
    {
        _inbox.Close();
        while (_inbox.TryTake(out var item))
        {
            if (!item.IsFromClient)
            {
                Deliver(item.Bytes);
            }
        }

        return false;
    }

    private bool Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }

        return true;
    }
}
