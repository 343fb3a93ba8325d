using System.Buffers.Binary;
using System.Text;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>Sends files to guests that boot from the network (RFC 1350), and takes none.</summary>
internal sealed class TftpServer
{
    private const int TransfersMax = 16;
    private const int RetriesMax = 5;

    /// <summary>RFC 1350 "Initial Connection Protocol": each transfer has a port of its own, from here on.</summary>
    private const ushort FirstPort = 0xc000;

    private const int PortCount = 0x3fff;

    private readonly ITftpFiles? _files;
    private readonly UserNetAddresses _addresses;
    private readonly UserNetCounters _counters;
    private readonly GuestLink _link;
    private readonly IGuestClock _clock;
    private readonly ScheduledEvent _timeout;
    private readonly List<TftpTransfer> _transfers = new(TransfersMax);
    private int _started;

    public TftpServer(
        UserNetOptions options, UserNetAddresses addresses, UserNetCounters counters, GuestLink link, IGuestClock clock,
        EventScheduler scheduler)
    {
        _files = options.TftpFiles;
        _addresses = addresses;
        _counters = counters;
        _link = link;
        _clock = clock;
        _timeout = scheduler.Create("user.tftp", SendAgain);
    }

    public void Reset()
    {
        while (_transfers.Count > 0)
        {
            End(_transfers[0]);
        }
    }

    /// <summary>Takes a datagram to the gateway. False if it is none of this server's.</summary>
    public bool TryReceive(HostEndpoint guest, ushort port, ReadOnlySpan<byte> payload)
    {
        if (port == TftpRequest.Port)
        {
            ReceiveRequest(guest, payload);
            return true;
        }

        var transfer = port >= FirstPort ? Find(guest, port) : null;
        if (transfer is null)
        {
            return false;
        }

        ReceiveAnswer(transfer, payload);
        return true;
    }

    private TftpTransfer? Find(HostEndpoint guest, ushort port)
    {
        foreach (var transfer in _transfers)
        {
            if (transfer.Guest == guest && transfer.Port == port)
            {
                return transfer;
            }
        }

        return null;
    }

    private void ReceiveRequest(HostEndpoint guest, ReadOnlySpan<byte> payload)
    {
        if (!TftpRequest.TryReadOperation(payload, out var operation))
        {
            _counters.DroppedMalformed++;
        }
        else if (operation == TftpOperation.WriteRequest)
        {
            SendError(guest, TftpRequest.Port, TftpErrorCode.AccessViolation, "read only"u8);
        }
        else if (operation != TftpOperation.ReadRequest)
        {
            // RFC 1350 "Premature Termination": an error is never answered by an error.
            if (operation != TftpOperation.Error)
            {
                SendError(guest, TftpRequest.Port, TftpErrorCode.UnknownTransfer, "no such transfer"u8);
            }
        }
        else if (!TftpRequest.TryRead(payload, out var request))
        {
            SendError(guest, TftpRequest.Port, TftpErrorCode.IllegalOperation, "malformed request"u8);
        }
        else if (!request.IsOctet)
        {
            SendError(guest, TftpRequest.Port, TftpErrorCode.IllegalOperation, "octet mode only"u8);
        }
        else
        {
            Start(guest, request);
        }
    }

    private void Start(HostEndpoint guest, in TftpRequest request)
    {
        foreach (var one in _transfers)
        {
            if (one.IsAnswerTo(request, guest))
            {
                Send(one);
                return;
            }
        }

        var file = TryReadName(request.Name, out string name) ? _files?.Open(name) : null;
        if (file is null)
        {
            SendError(guest, TftpRequest.Port, TftpErrorCode.FileNotFound, "file not found"u8);
            return;
        }

        // A guest's port has one transfer; and if there are too many, the one that began first makes room.
        var old = _transfers.Find(one => one.Guest == guest)
            ?? (_transfers.Count == TransfersMax ? _transfers[0] : null);
        if (old is not null)
        {
            End(old);
        }

        var transfer = new TftpTransfer(file, request, guest, (ushort)(FirstPort + _started++ % PortCount));
        _transfers.Add(transfer);
        Send(transfer);
    }

    /// <summary>A path below the directory, of printable characters, that nowhere goes up.</summary>
    private static bool TryReadName(ReadOnlySpan<byte> bytes, out string name)
    {
        name = Encoding.UTF8.GetString(bytes).TrimStart('/');
        return name.Length > 0
            && !name.Any(static c => char.IsControl(c) || c is '\\' or ':' or '\ufffd')
            && !name.Split('/').Contains("..");
    }

    private void ReceiveAnswer(TftpTransfer transfer, ReadOnlySpan<byte> payload)
    {
        if (!TftpRequest.TryReadOperation(payload, out var operation))
        {
            _counters.DroppedMalformed++;
        }
        else if (operation == TftpOperation.Error)
        {
            End(transfer);
        }
        else if (operation != TftpOperation.Acknowledgement || payload.Length < TftpTransfer.HeaderBytes)
        {
            SendError(transfer.Guest, transfer.Port, TftpErrorCode.IllegalOperation, "acknowledgement expected"u8);
            End(transfer);
        }
        else if (transfer.TryAdvance(BinaryPrimitives.ReadUInt16BigEndian(payload[2..]), out bool isOver))
        {
            transfer.Retries = 0;
            if (isOver)
            {
                End(transfer);
            }
            else
            {
                Send(transfer);
            }
        }
    }

    private void Send(TftpTransfer transfer)
    {
        int lengthBytes = transfer.Write(_link.UdpPayload);
        if (lengthBytes < 0)
        {
            SendError(transfer.Guest, transfer.Port, TftpErrorCode.NotDefined, "the file can't be read"u8);
            End(transfer);
            return;
        }

        _link.SendUdp(new HostEndpoint(_addresses.Host, transfer.Port), transfer.Guest, lengthBytes);
        transfer.DeadlineCycles = _clock.NowCycles + transfer.TimeoutSeconds * _clock.CyclesPerSecond;
        Schedule();
    }

    private void SendError(HostEndpoint guest, ushort port, TftpErrorCode code, ReadOnlySpan<byte> message)
    {
        var packet = _link.UdpPayload;
        BinaryPrimitives.WriteUInt16BigEndian(packet, (ushort)TftpOperation.Error);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)code);
        message.CopyTo(packet[TftpTransfer.HeaderBytes..]);
        packet[TftpTransfer.HeaderBytes + message.Length] = 0;
        _link.SendUdp(new HostEndpoint(_addresses.Host, port), guest, TftpTransfer.HeaderBytes + message.Length + 1);
    }

    private void SendAgain()
    {
        for (int i = _transfers.Count - 1; i >= 0; i--)
        {
            var transfer = _transfers[i];
            if (transfer.DeadlineCycles > _clock.NowCycles)
            {
                continue;
            }

            if (transfer.Retries++ < RetriesMax)
            {
                Send(transfer);
            }
            else
            {
                End(transfer);
            }
        }

        Schedule();
    }

    private void End(TftpTransfer transfer)
    {
        _transfers.Remove(transfer);
        transfer.Dispose();
        Schedule();
    }

    private void Schedule()
    {
        ulong earliest = EventScheduler.Never;
        foreach (var transfer in _transfers)
        {
            earliest = Math.Min(earliest, transfer.DeadlineCycles);
        }

        if (earliest == EventScheduler.Never)
        {
            _timeout.Cancel();
        }
        else
        {
            _timeout.ScheduleAt(earliest);
        }
    }
}
