using RiscvXv6.Emulator.Cli.Qemu;
using RiscvXv6.Emulator.Cli.Verbs;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Options;

/// <summary>Sends a command line to the door it is meant for.</summary>
internal static class FrontDoors
{
    public const string EnvironmentVariable = "RISCVXV6_ARGS";

    /// <param name="arguments">As the program got them.</param>
    /// <param name="prepended">The value of <see cref="EnvironmentVariable"/>, or null.</param>
    /// <param name="host">Facts that defaults depend on.</param>
    /// <exception cref="UsageException">One line for the user.</exception>
    public static Request Parse(IReadOnlyList<string> arguments, string? prepended, HostFacts host) =>
        ParseEither(arguments, prepended, host) is var request && request is Request.Run run
            ? run with { Invocation = new Invocation([.. arguments], prepended, host) }
            : request;

    private static Request ParseEither(IReadOnlyList<string> arguments, string? prepended, HostFacts host)
    {
        var extra = prepended is null ? [] : ArgumentSplitter.Split(EnvironmentVariable, prepended);
        if (arguments.Count > 0 && VerbCommandLine.Verbs.Contains(arguments[0]))
        {
            // Only `run` has options that somebody would want everywhere.
            return arguments[0] == "run"
                ? VerbCommandLine.Parse([arguments[0], .. extra, .. arguments.Skip(1)], host)
                : VerbCommandLine.Parse(arguments, host);
        }

        if (arguments.Count > 0 && !arguments[0].StartsWith('-')
            && NearestName.Find(arguments[0], VerbCommandLine.Verbs) is { } near)
        {
            throw new UsageException($"{OptionValues.Quote(arguments[0])} is not a command; did you mean {near}?");
        }

        return QemuCommandLine.Parse([.. extra, .. arguments], host);
    }
}
