using System.Collections.Immutable;

namespace RiscvXv6.Devices.Net.Peers;

/// <summary>The services that there are: what options, help and the documents call them, and where they are by default.</summary>
public static class PeerCatalog
{
    /// <summary>One service.</summary>
    /// <param name="Kind">Which.</param>
    /// <param name="Name">In options.</param>
    /// <param name="WellKnownPort">That of its RFC; a host lets its administrator alone have it.</param>
    /// <param name="OpenPort">One that anybody may have. Echo's is the one that nettest asks unless told otherwise.</param>
    /// <param name="Help">One line.</param>
    public sealed record Row(PeerKind Kind, string Name, ushort WellKnownPort, ushort OpenPort, string Help);

    public static ImmutableArray<Row> Rows { get; } =
    [
        new(PeerKind.Echo, "echo", 7, 25099, "sends back what comes (UDP, TCP)"),
        new(PeerKind.Discard, "discard", 9, 25009, "throws it away (UDP, TCP)"),
        new(PeerKind.Generator, "generator", 19, 25019,
            "TCP: characters without end; UDP: a datagram of them, or as many as COUNT SIZE MICROSECONDS PORT asks for"),
        new(PeerKind.Web, "web", 80, 25080, "HTTP: /, /bytes/N, /sum (TCP)"),
    ];

    /// <summary>What <see cref="PeerKind.Answer"/> is called in options, where a port and a text follow: it is never there unless asked for.</summary>
    public const string AnswerName = "answer";

    /// <summary>What <c>peers=on</c> means: every service on both of its ports.</summary>
    public static ImmutableArray<PeerOptions> InProcess { get; } =
        [.. Rows.SelectMany(static row => (PeerOptions[])[new(row.Kind, row.WellKnownPort), new(row.Kind, row.OpenPort)])];

    /// <summary>What <c>net serve</c> means: every service on the port that anybody may have.</summary>
    public static ImmutableArray<PeerOptions> OnHost { get; } = [.. Rows.Select(static row => new PeerOptions(row.Kind, row.OpenPort))];

    public static string NameOf(PeerKind kind) => kind == PeerKind.Answer ? AnswerName : Rows[(int)kind].Name;

    /// <summary>A fresh service; it holds nothing of those who talk to it.</summary>
    public static IPeerService Create(PeerOptions peer) => peer.Kind switch
    {
        PeerKind.Echo => new EchoService(),
        PeerKind.Discard => new DiscardService(),
        PeerKind.Generator => new GeneratorService(),
        PeerKind.Answer => new AnswerService(peer.Text ?? ""),
        _ => new WebService(),
    };
}
