using System.Collections.Immutable;
using RiscvXv6.Devices.Net.Peers;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Verbs;

/// <summary><c>riscvxv6 net COMMAND …</c>.</summary>
internal static class NetCommandLine
{
    public static readonly ImmutableArray<string> Commands = ["serve"];

    /// <param name="arguments">What follows <c>net</c>.</param>
    /// <exception cref="UsageException">One line for the user.</exception>
    public static Request Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
        {
            throw new UsageException($"net: no command given; there is {string.Join(", ", Commands)}");
        }

        if (arguments[0] is "--help" or "-h" or "-help" || arguments.Count > 1 && arguments[1] is "--help" or "-h" or "-help")
        {
            return new Request.Print(HelpFor(arguments[0].StartsWith('-') ? null : arguments[0]));
        }

        string[] rest = [.. arguments.Skip(1)];
        return arguments[0] == "serve" ? Serve(VerbCommandLine.ParseAs<NetServeVerb>("net serve", rest)) : throw Unknown(arguments[0]);
    }

    /// <param name="command">One of <see cref="Commands"/>, or null for all.</param>
    public static string HelpFor(string? command) => command switch
    {
        null or "serve" => VerbHelp.Of<NetServeVerb>(),
        _ => throw Unknown(command),
    };

    private static Request.Serve Serve(NetServeVerb verb)
    {
        const string Option = "net serve";
        var peers = verb.Services.SelectMany(Service).ToImmutableArray();
        return new Request.Serve(
            peers.IsEmpty ? PeerCatalog.OnHost : peers,
            NetworkValues.HostAddress($"{Option}: --address", verb.Address ?? ""));

        static IEnumerable<PeerOptions> Service(string text) => text.EndsWith(":0", StringComparison.Ordinal) && !text.StartsWith(PeerCatalog.AnswerName, StringComparison.Ordinal)
            ? [.. UserNetdevParser.Peer(Option, text[..^2], static row => [row.OpenPort]).Select(static peer => peer with { Port = 0 })]
            : UserNetdevParser.Peer(Option, text, static row => [row.OpenPort]);
    }

    private static UsageException Unknown(string command) =>
        new($"net: {OptionValues.Quote(command)} is not a command{NearestName.Suggest(command, Commands, "net ")}"
            + $"; there is {string.Join(", ", Commands)}");
}
