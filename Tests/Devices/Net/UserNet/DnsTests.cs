using System.Text;
using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

public sealed class DnsTests
{
    private const int A = 1;
    private const int Pointer = 12;
    private const int Aaaa = 28;

    private static readonly IPv4Address s_public = Packets.Address("8.8.8.8");
    private static readonly HostEndpoint s_resolver = new(Packets.Address("192.0.2.53"), 53);
    private static readonly UserNetOptions s_table = new()
    {
        DnsHosts =
        [
            new DnsHost("host.example", Packets.Address("128.52.129.126")),
            new DnsHost("Two.Example.", Packets.Address("192.0.2.1")),
            new DnsHost("two.example", Packets.Address("192.0.2.2")),
        ],
    };

    [TestCase("10.0.2.3")]
    [TestCase("8.8.8.8")]
    public void A_name_of_the_table_is_answered_whichever_server_is_asked(string server)
    {
        using var rig = new UserNetRig(s_table);
        byte[] query = Query("host.example", A);
        byte[] answer = Ask(rig, query, server);

        // RFC 1035 4.1: id, QR|AA|RD|RA, counts, the question as it was, and a record that refers to its name.
        Assert.That(answer, Is.EqualTo((byte[])
        [
            0xab, 0xcd, 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. query[12..],
            0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 128, 52, 129, 126,
        ]));
        Assert.That(rig.Door.OpenFlowsMax, Is.Zero);
    }

    [Test]
    public void Case_does_not_matter_and_the_question_keeps_its_own()
    {
        using var rig = new UserNetRig(s_table);
        byte[] query = Query("hOsT.eXaMpLe", A);
        byte[] answer = Ask(rig, query);
        Assert.That((Code(answer), Answers(answer)), Is.EqualTo((0, 1)));
        Assert.That(answer[12..query.Length], Is.EqualTo(query[12..]));
    }

    [Test]
    public void All_addresses_of_a_name_are_told()
    {
        using var rig = new UserNetRig(s_table);
        byte[] answer = Ask(rig, Query("two.example", A));
        Assert.That(Answers(answer), Is.EqualTo(2));
        Assert.That(answer[^4..], Is.EqualTo(new byte[] { 192, 0, 2, 2 }));
        Assert.That(answer[^20..^16], Is.EqualTo(new byte[] { 192, 0, 2, 1 }));
    }

    [Test]
    public void A_name_of_the_table_has_no_other_records_and_exists_all_the_same()
    {
        using var rig = new UserNetRig(s_table with { Resolver = s_resolver });
        byte[] answer = Ask(rig, Query("host.example", Aaaa));
        Assert.That((Code(answer), Answers(answer)), Is.EqualTo((0, 0)));
        Assert.That(rig.Door.Datagrams, Is.Empty);
    }

    [Test]
    public void An_address_of_the_table_has_its_name()
    {
        using var rig = new UserNetRig(s_table);
        byte[] answer = Ask(rig, Query("126.129.52.128.IN-ADDR.arpa", Pointer));
        Assert.That((Code(answer), Answers(answer)), Is.EqualTo((0, 1)));
        Assert.That(answer[^14..], Is.EqualTo("\u0004host\u0007example\0"u8.ToArray()));
        Assert.That(Code(Ask(rig, Query("1.1.1.1.in-addr.arpa", Pointer))), Is.EqualTo(3));
        Assert.That(Code(Ask(rig, Query("256.129.52.128.in-addr.arpa", Pointer))), Is.EqualTo(3));
    }

    [Test]
    public void Extensions_in_the_query_are_answered_by_extensions()
    {
        // RFC 6891 "OPT Record Definition"; and xv6's nettest accepts none that it did not ask for.
        using var rig = new UserNetRig(s_table);
        byte[] query = [.. Query("host.example", A), 0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0];
        query[11] = 1;
        byte[] answer = Ask(rig, query);
        Assert.That((Answers(answer), answer[11]), Is.EqualTo((1, 1)));
        Assert.That(answer[^11..], Is.EqualTo(new byte[] { 0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0 }));
        Assert.That(Ask(rig, Query("host.example", A))[11], Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Without_a_resolver_of_the_host_other_names_do_not_exist_at_once(bool isRestricted)
    {
        using var rig = new UserNetRig(s_table with { IsRestricted = isRestricted, Resolver = isRestricted ? s_resolver : null });
        foreach (string server in isRestricted ? new[] { "10.0.2.3", "8.8.8.8" } : ["10.0.2.3"])
        {
            byte[] answer = Ask(rig, Query("other.example", A), server);
            Assert.That((Code(answer), Answers(answer)), Is.EqualTo((3, 0)));
        }

        Assert.That(rig.Door.OpenFlowsMax, Is.Zero);
    }

    [Test]
    public void Other_names_are_asked_of_the_hosts_resolver_and_its_answer_comes_from_ours()
    {
        using var rig = new UserNetRig(s_table with { Resolver = s_resolver });
        byte[] query = Query("other.example", A);
        rig.Guest.SendUdp(1234, NetGuest.Dns, 53, query);
        var sent = rig.Door.Datagrams.Single();
        Assert.That(sent.To, Is.EqualTo(s_resolver));
        Assert.That(sent.Payload, Is.EqualTo(query));

        byte[] answer = [.. query, 1, 2, 3];
        answer[2] |= 0x80;
        rig.Door.ReceiveUdp(sent.Flow, s_resolver, answer);
        var came = rig.Guest.TakeUdp().Single();
        Assert.That((came.From, came.FromPort, came.ToPort), Is.EqualTo((NetGuest.Dns, 53, 1234)));
        Assert.That(came.Data, Is.EqualTo(answer));
        Assert.That(rig.Door.OpenFlows, Is.Zero);
    }

    [Test]
    public void Only_the_resolvers_own_answer_to_this_query_is_believed()
    {
        using var rig = new UserNetRig(s_table with { Resolver = s_resolver });
        byte[] query = Query("other.example", A);
        rig.Guest.SendUdp(1234, NetGuest.Dns, 53, query);
        int flow = rig.Door.Datagrams.Single().Flow;
        byte[] answer = [.. query];
        answer[2] |= 0x80;
        byte[] other = [.. answer];
        other[0]++;
        rig.Door.ReceiveUdp(flow, s_resolver with { Address = s_public }, answer);
        rig.Door.ReceiveUdp(flow, s_resolver with { Port = 54 }, answer);
        rig.Door.ReceiveUdp(flow, s_resolver, other);
        rig.Door.ReceiveUdp(flow, s_resolver, query);
        rig.Door.ReceiveUdp(flow, s_resolver, answer[..11]);
        Assert.That(rig.Guest.TakeUdp(), Is.Empty);
        rig.Door.ReceiveUdp(flow, s_resolver, answer);
        Assert.That(rig.Guest.TakeUdp(), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_query_that_is_repeated_uses_the_same_flow_and_one_that_stays_unanswered_ends_after_ten_seconds()
    {
        using var rig = new UserNetRig(s_table with { Resolver = s_resolver });
        rig.Guest.SendUdp(1234, NetGuest.Dns, 53, Query("other.example", A));
        rig.Guest.SendUdp(1234, NetGuest.Dns, 53, Query("other.example", A));
        Assert.That((rig.Door.Datagrams.Count, rig.Door.OpenFlows), Is.EqualTo((2, 1)));
        rig.AdvanceMilliseconds(10_000);
        Assert.That(rig.Door.OpenFlows, Is.Zero);
    }

    [Test]
    public void A_resolver_that_does_not_run_is_a_server_failure()
    {
        using var rig = new UserNetRig(s_table with { Resolver = s_resolver });
        byte[] query = Query("other.example", A);
        rig.Guest.SendUdp(1234, NetGuest.Dns, 53, query);
        rig.Door.Events.UdpRefused(rig.Door.Datagrams.Single().Flow, s_resolver);
        byte[] answer = rig.Guest.TakeUdp().Single().Data;
        Assert.That(answer, Is.EqualTo((byte[])[0xab, 0xcd, 0x81, 0x82, 0, 1, 0, 0, 0, 0, 0, 0, .. query[12..]]));
        Assert.That(rig.Door.OpenFlows, Is.Zero);
    }

    [Test]
    public void A_name_that_an_outside_server_is_asked_for_goes_there_itself()
    {
        using var rig = new UserNetRig(s_table with { Resolver = s_resolver });
        rig.Guest.SendUdp(1234, s_public, 53, Query("other.example", A));
        Assert.That(rig.Door.Datagrams.Single().To, Is.EqualTo(new HostEndpoint(s_public, 53)));
    }

    [Test]
    public void No_more_than_64_queries_are_under_way()
    {
        using var rig = new UserNetRig(s_table with { Resolver = s_resolver });
        for (int port = 1; port <= 500; port++)
        {
            rig.Guest.SendUdp(port, NetGuest.Dns, 53, Query("other.example", A));
        }

        Assert.That(rig.Door.OpenFlowsMax, Is.EqualTo(64));
    }

    [Test]
    public void A_malformed_query_is_a_format_error_and_half_a_header_is_nothing()
    {
        using var rig = new UserNetRig(s_table with { Resolver = s_resolver });
        byte[] good = Query("host.example", A);
        byte[][] malformed =
        [
            good[..^1], good[..20], good[..12], With(good, 5, 0), With(good, 5, 2), With(good, 12, 0xc0), With(good, 12, 200), With(good, 17, 64),
            [.. good[..12], .. Enumerable.Repeat((byte[])[1, (byte)'a'], 127).SelectMany(static label => label), 1, (byte)'b', 0, 0, 1, 0, 1],
        ];
        foreach (byte[] query in malformed)
        {
            byte[] answer = Ask(rig, query);
            Assert.That(answer, Is.EqualTo(new byte[] { 0xab, 0xcd, 0x85, 0x81, 0, 0, 0, 0, 0, 0, 0, 0 }));
        }

        rig.Guest.SendUdp(1234, NetGuest.Dns, 53, good[..11]);
        rig.Guest.SendUdp(1234, NetGuest.Dns, 53, With(good, 2, 0x81));
        Assert.That(rig.Guest.Frames, Is.Empty, "an answer is not answered either");
        Assert.That(Code(Ask(rig, With(good, 2, 0x10))), Is.EqualTo(4), "an operation other than a query");
        Assert.That(rig.Door.OpenFlowsMax, Is.Zero);
    }

    [Test]
    public void More_addresses_than_512_bytes_hold_are_cut_off_and_the_answer_says_so()
    {
        using var rig = new UserNetRig(new UserNetOptions
        {
            DnsHosts = [.. Enumerable.Range(0, 100).Select(static i => new DnsHost("many", new IPv4Address((uint)i)))],
        });
        byte[] answer = Ask(rig, Query("many", A));
        Assert.That(answer.Length, Is.LessThanOrEqualTo(512));
        Assert.That((answer[2] & 2, Answers(answer)), Is.EqualTo((2, (answer.Length - 22) / 16)));
        Assert.That(Answers(answer), Is.GreaterThan(25));
    }

    private static byte[] With(byte[] bytes, int at, byte value)
    {
        byte[] changed = [.. bytes];
        changed[at] = value;
        return changed;
    }

    private static byte[] Query(string name, int type) =>
    [
        0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
        .. name.Split('.').SelectMany(static label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0,
        .. Packets.Big16(type), 0, 1,
    ];

    private static byte[] Ask(UserNetRig rig, byte[] query, string server = "10.0.2.3")
    {
        rig.Guest.Clear();
        rig.Guest.SendUdp(1234, Packets.Address(server), 53, query);
        var answer = rig.Guest.TakeUdp().Single();
        Assert.That((answer.From, answer.FromPort, answer.ToPort), Is.EqualTo((Packets.Address(server), 53, 1234)));
        return answer.Data;
    }

    private static int Code(byte[] answer) => answer[3] & 0xf;

    private static int Answers(byte[] answer) => Packets.Word(answer, 6);
}
