using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// Answers queries for names of the table, to whichever server they go, and passes those to the network's own server on
/// to the host's. Without that one a name that is not in the table does not exist.
/// </summary>
/// <remarks>
/// "Does not exist" rather than "refused" or silence, because every resolver takes it for an answer at once; on
/// "refused" some go on waiting.
/// </remarks>
internal sealed class DnsServer
{
    /// <summary>Flows of the door from here on are queries.</summary>
    public const int FirstFlow = 0x3_0000;

    private const int QueriesMax = 64;
    private const ulong QuerySeconds = 10;
    private const uint LifetimeSeconds = 60;
    private const int QuestionBytesMax = DnsName.SizeBytesMax + 4;

    private readonly UserNetAddresses _addresses;
    private readonly GuestLink _link;
    private readonly IHostDoor _door;
    private readonly HostEndpoint? _resolver;
    private readonly bool _isRestricted;
    private readonly DnsTable _table;
    private readonly ExpiringTable<Query> _queries;
    private readonly byte[] _questions = new byte[QueriesMax * QuestionBytesMax];
    private readonly int[] _questionBytes = new int[QueriesMax];
    private readonly ushort[] _flags = new ushort[QueriesMax];

    public DnsServer(
        UserNetOptions options, UserNetAddresses addresses, GuestLink link, IHostDoor door, IGuestClock clock,
        EventScheduler scheduler)
    {
        _addresses = addresses;
        _link = link;
        _door = door;
        _isRestricted = options.IsRestricted;
        _resolver = options.IsRestricted ? null : options.Resolver;
        _table = new DnsTable(options.DnsHosts);
        _queries = new ExpiringTable<Query>(
            "user.dns", QueriesMax, QuerySeconds, clock, scheduler, (slot, _) => door.Close(FirstFlow + slot));
    }

    private readonly record struct Query(HostEndpoint Guest, ushort Id);

    public void Reset() => _queries.Clear();

    /// <summary>Takes a datagram to some server's port 53. False if that server is to be asked itself.</summary>
    public bool TryReceive(HostEndpoint guest, IPv4Address server, ReadOnlySpan<byte> payload)
    {
        bool isOurs = server == _addresses.Dns;
        if (!DnsMessage.TryRead(payload, out var query) || query.IsResponse)
        {
            return isOurs || _isRestricted;
        }

        bool isSound = query.TryReadQuestion(out var question) && query.QuestionCount == 1;
        bool isKnown = isSound && query.Operation == 0 && IsKnown(question);
        if (!isKnown && !isOurs && !_isRestricted)
        {
            return false;
        }

        if (query.Operation != 0)
        {
            Answer(guest, server, query, default, DnsResponseCode.NotImplemented);
        }
        else if (!isSound)
        {
            Answer(guest, server, query, default, DnsResponseCode.FormatError);
        }
        else if (isKnown || _resolver is null)
        {
            Answer(guest, server, query, question, isKnown ? DnsResponseCode.NoError : DnsResponseCode.NameError);
        }
        else
        {
            Forward(guest, query, question, payload, _resolver.Value);
        }

        return true;
    }

    public void UdpReceived(int flow, HostEndpoint from, ReadOnlySpan<byte> payload)
    {
        int slot = flow - FirstFlow;
        if (!_queries.Holds(slot)
            || from != _resolver
            || payload.Length > UdpHeader.PayloadBytesMax
            || !DnsMessage.TryRead(payload, out var answer)
            || !answer.IsResponse
            || answer.Id != _queries.KeyOf(slot).Id)
        {
            return;
        }

        payload.CopyTo(_link.UdpPayload);
        Finish(slot, payload.Length);
    }

    /// <summary>The host's server does not run.</summary>
    public void UdpRefused(int flow)
    {
        int slot = flow - FirstFlow;
        if (_queries.Holds(slot))
        {
            var question = _questions.AsSpan(slot * QuestionBytesMax, _questionBytes[slot]);
            var answer = new DnsWriter(
                _link.UdpPayload, _queries.KeyOf(slot).Id, _flags[slot], question, DnsResponseCode.ServerFailure,
                isAuthoritative: false);
            Finish(slot, answer.Finish());
        }
    }

    private bool IsKnown(in DnsQuestion question) =>
        question.Class is DnsQuestion.InternetClass or DnsQuestion.AnyClass
        && (_table.Contains(question.Name)
            || (question.Type == DnsType.Pointer
                && DnsTable.TryParseReverse(question.Name, out var address)
                && _table.TryFindName(address, out _)));

    private void Answer(
        HostEndpoint guest, IPv4Address server, in DnsMessage query, in DnsQuestion question, DnsResponseCode code)
    {
        var answer = new DnsWriter(_link.UdpPayload, query, question.Bytes, code, isAuthoritative: true);
        if (code == DnsResponseCode.NoError)
        {
            if (question.Type is DnsType.Address or DnsType.Any)
            {
                _table.AddAddresses(ref answer, question.Name, LifetimeSeconds);
            }
            else if (question.Type == DnsType.Pointer
                && DnsTable.TryParseReverse(question.Name, out var address)
                && _table.TryFindName(address, out var name))
            {
                answer.Add(DnsType.Pointer, LifetimeSeconds, name);
            }
        }

        if (!question.Bytes.IsEmpty && query.HasExtensions(question))
        {
            answer.AddExtensions();
        }

        _link.SendUdp(new HostEndpoint(server, DnsMessage.Port), guest, answer.Finish());
    }

    private void Forward(
        HostEndpoint guest, in DnsMessage query, in DnsQuestion question, ReadOnlySpan<byte> payload,
        HostEndpoint resolver)
    {
        var key = new Query(guest, query.Id);
        int slot = _queries.Find(key);
        if (slot < 0)
        {
            slot = _queries.Add(key);
            _door.OpenUdp(FirstFlow + slot);
        }

        question.Bytes.CopyTo(_questions.AsSpan(slot * QuestionBytesMax));
        _questionBytes[slot] = question.Bytes.Length;
        _flags[slot] = query.Flags;
        _door.SendUdp(FirstFlow + slot, resolver, payload);
    }

    private void Finish(int slot, int lengthBytes)
    {
        var guest = _queries.KeyOf(slot).Guest;
        _queries.Remove(slot);
        _door.Close(FirstFlow + slot);
        _link.SendUdp(new HostEndpoint(_addresses.Dns, DnsMessage.Port), guest, lengthBytes);
    }
}
