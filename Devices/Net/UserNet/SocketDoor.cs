using System.Net.Sockets;
using RiscvXv6.Devices.Net.Host;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// The door to the real network: sockets of the host, without privileges. All that comes in comes as messages of one
/// channel, so a recorded run repeats without any socket.
/// </summary>
public sealed partial class SocketDoor : IHostDoor
{
    /// <summary>How long a datagram's sender is taken to wait for an answer. Only the pace depends on it.</summary>
    private const int PatienceMilliseconds = 2_000;

    /// <summary>What is under way when the machine ends, and both sides have ended, gets so long to arrive.</summary>
    private const int LastDrainMilliseconds = 250;

    private readonly IHostChannel _channel;
    private readonly SocketDoorPost _post;
    private readonly bool _isReplay;
    private readonly Dictionary<int, SocketDoorFlow> _flows = [];
    private readonly Dictionary<int, SocketDoorFlow> _flowsByIdentity = [];
    private readonly List<SocketDoorConnection> _draining = [];
    private IHostDoorEvents? _events;

    /// <summary>
    /// Even numbers are given out by the machine thread, odd ones (accepted connections) by host threads.
    /// </summary>
    private int _lastIdentity;
    private int _lastAcceptedIdentity = -1;
    private int _listeners;
    private int _openFlows;

    /// <param name="channels">The way into the machine.</param>
    /// <param name="name">The channel's, unique: <c>net0</c>.</param>
    /// <param name="isReplay">No socket is ever opened: what happens comes out of a recording.</param>
    public SocketDoor(IHostChannels channels, string name, bool isReplay = false)
    {
        _isReplay = isReplay;
        _channel = channels.Open(name, Handle);
        _post = new SocketDoorPost(_channel);
    }

    public void Attach(IHostDoorEvents events) => _events = events;

    public void Listen(int listener, HostProtocol protocol, HostEndpoint local)
    {
        int identity = NextIdentity();
        try
        {
            Add(_isReplay ? new SocketDoorFlow(listener, identity) { IsListener = true } : Reserve());
        }
        catch (SocketException e)
        {
            throw new HostPortException(Clause(e.SocketErrorCode, local), e);
        }

        SocketDoorFlow Reserve()
        {
            if (protocol == HostProtocol.Tcp)
            {
                var tcp = new SocketDoorListener(_post, identity, NextAcceptedIdentity, local);
                return new SocketDoorFlow(listener, identity) { IsListener = true, Listener = tcp };
            }

            var datagrams = new SocketDoorDatagrams(_post, identity);
            datagrams.Bind(local);
            return new SocketDoorFlow(listener, identity) { IsListener = true, Datagrams = datagrams };
        }
    }

    public void OpenUdp(int flow)
    {
        int identity = NextIdentity();
        Add(new SocketDoorFlow(flow, identity) { Datagrams = _isReplay ? null : new SocketDoorDatagrams(_post, identity) });
    }

    public void SendUdp(int flow, HostEndpoint to, ReadOnlySpan<byte> payload)
    {
        if (_flows.TryGetValue(flow, out var found))
        {
            found.Datagrams?.Send(to, payload);
            if (!found.IsListener)
            {
                Expect(found);
            }
        }
    }

    public void ConnectTcp(int flow, HostEndpoint to)
    {
        int identity = NextIdentity();
        var connection = _isReplay ? null : new SocketDoorConnection(_post, identity);
        Add(new SocketDoorFlow(flow, identity) { IsTcp = true, Connection = connection });
        connection?.Connect(to);
    }

    public void SendTcp(int flow, ReadOnlySpan<byte> data)
    {
        if (_flows.TryGetValue(flow, out var found))
        {
            found.Connection?.Send(data);
        }
    }

    public void GrantTcp(int flow, int bytes)
    {
        if (_flows.TryGetValue(flow, out var found))
        {
            found.Connection?.Grant(bytes);
        }
    }

    public void EndTcp(int flow)
    {
        if (_flows.TryGetValue(flow, out var found))
        {
            found.HasGuestEnded = true;
            found.Connection?.End();
        }
    }

    public void SendEcho(int flow, IPv4Address to, ushort sequence, ReadOnlySpan<byte> payload)
    {
        if (!_flows.TryGetValue(flow, out var found))
        {
            int identity = NextIdentity();
            found = new SocketDoorFlow(flow, identity) { Echo = _isReplay ? null : new SocketDoorEcho(_post, identity) };
            Add(found);
        }

        found.Echo?.Send(to, sequence, payload);
        Expect(found);
    }

    public void Close(int flow)
    {
        if (_flows.TryGetValue(flow, out var found))
        {
            Remove(found);
            Release(found);
        }
    }

    public void Dispose()
    {
        foreach (var flow in _flows.Values)
        {
            Release(flow);
        }

        _flows.Clear();
        _flowsByIdentity.Clear();
        Task.WaitAll([.. _draining.Select(connection => connection.Sending)], LastDrainMilliseconds);
        foreach (var connection in _draining)
        {
            connection.Close(isComplete: false);
        }

        _draining.Clear();
        _openFlows = 0;
        _listeners = 0;
        UpdatePace();
    }

    private static string Clause(SocketError error, HostEndpoint local) => error switch
    {
        SocketError.AddressAlreadyInUse => $"port {local.Port} of {local.Address} is in use",
        SocketError.AccessDenied => $"port {local.Port} of {local.Address} needs privileges",
        SocketError.AddressNotAvailable => $"{local.Address} is no address of this host",
        _ => $"port {local.Port} of {local.Address} can't be had ({error})",
    };

    private int NextIdentity() => _lastIdentity += 2;

    private int NextAcceptedIdentity() => Interlocked.Add(ref _lastAcceptedIdentity, 2);

    private void Add(SocketDoorFlow flow)
    {
        Close(flow.Number);
        _flows.Add(flow.Number, flow);
        _flowsByIdentity.Add(flow.Identity, flow);
        _listeners += flow.IsListener ? 1 : 0;
        _openFlows += flow.IsTcp ? 1 : 0;
        UpdatePace();
    }

    private void Remove(SocketDoorFlow flow)
    {
        _flows.Remove(flow.Number);
        _flowsByIdentity.Remove(flow.Identity);
        _listeners -= flow.IsListener ? 1 : 0;
        _openFlows -= flow.IsTcp || flow.IsWaiting ? 1 : 0;
        UpdatePace();
    }

    private void Release(SocketDoorFlow flow)
    {
        flow.Patience?.Dispose();
        flow.Datagrams?.Close();
        flow.Echo?.Close();
        flow.Listener?.Close();
        if (flow.Connection is { } connection)
        {
            bool isComplete = flow.HasGuestEnded && flow.HasHostEnded;
            connection.Close(isComplete);
            _draining.RemoveAll(static old => old.Sending.IsCompleted);
            if (isComplete && !connection.Sending.IsCompleted)
            {
                _draining.Add(connection);
            }
        }
    }

    /// <summary>Notes that the guest may be waiting for an answer.</summary>
    private void Expect(SocketDoorFlow flow)
    {
        if (flow.IsWaiting)
        {
            return;
        }

        flow.IsWaiting = true;
        _openFlows++;
        UpdatePace();
        if (!_isReplay)
        {
            var unanswered = new SocketDoorMessage(SocketDoorMessageKind.Unanswered, flow.Identity);
            flow.Patience ??= new Timer(_ => _post.Post(unanswered));
            flow.Patience.Change(PatienceMilliseconds, Timeout.Infinite);
        }
    }

    private void Answered(SocketDoorFlow flow)
    {
        if (flow.IsWaiting)
        {
            flow.IsWaiting = false;
            _openFlows--;
            UpdatePace();
        }
    }

    private void UpdatePace()
    {
        _channel.OpenFlows = _openFlows;
        _channel.IsLive = _listeners > 0 || _flows.Count > 0;
    }
}
