using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using CommandLine;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Scripts;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Verbs;

/// <summary>Our own front door, on CommandLineParser: <c>riscvxv6 VERB …</c>.</summary>
internal static class VerbCommandLine
{
    public static readonly ImmutableArray<string> Verbs = ["run", "replay", "disasm", "fs", "net", "test", "version", "help"];

    /// <param name="arguments">The first is one of <see cref="Verbs"/>.</param>
    /// <param name="host">Facts that defaults depend on.</param>
    /// <exception cref="UsageException">One line for the user.</exception>
    public static Request Parse(IReadOnlyList<string> arguments, HostFacts host)
    {
        var rest = arguments.Skip(1).ToArray();
        bool wantsHelp = rest.Length > 0 && rest[0] is "--help" or "-h" or "-help";
        switch (arguments[0])
        {
            case "version":
                return new Request.Print(VersionText.Full);
            case "help":
                return new Request.Print(rest switch
                {
                    ["fs", ..] => FsCommandLine.HelpFor(rest.ElementAtOrDefault(1)),
                    ["net", ..] => NetCommandLine.HelpFor(rest.ElementAtOrDefault(1)),
                    _ => HelpFor(rest.FirstOrDefault()),
                });
            case "fs":
                return FsCommandLine.Parse(rest);
            case "net":
                return NetCommandLine.Parse(rest);
            case "run":
                return wantsHelp
                    ? new Request.Print(VerbHelp.Of<RunVerb>())
                    : ParseAs<RunVerb>("run", rest).Interpret(host);
            case "replay":
                return wantsHelp
                    ? new Request.Print(VerbHelp.Of<ReplayVerb>())
                    : ParseAs<ReplayVerb>("replay", rest).Interpret(host);
            case "test":
                return wantsHelp
                    ? new Request.Print(VerbHelp.Of<TestVerb>())
                    : new Request.Test(TestCommand.Of(ParseAs<TestVerb>("test", rest)));
            case "disasm":
                return wantsHelp
                    ? new Request.Print(VerbHelp.Of<DisasmVerb>())
                    : Disassembly(ParseAs<DisasmVerb>("disasm", rest));
            default:
                throw new UsageException($"{OptionValues.Quote(arguments[0])} is not a command; "
                    + $"there are {string.Join(", ", Verbs)}");
        }
    }

    private static string HelpFor(string? verb) =>
        verb switch
        {
            null => VerbHelp.Overview,
            "run" => VerbHelp.Of<RunVerb>(),
            "test" => VerbHelp.Of<TestVerb>(),
            "replay" => VerbHelp.Of<ReplayVerb>(),
            "disasm" => VerbHelp.Of<DisasmVerb>(),
            "version" => "riscvxv6 version\n    Print the version.\n",
            "help" => "riscvxv6 help [COMMAND]\n    Print help.\n",
            _ => throw new UsageException($"help: {OptionValues.Quote(verb)} is not a command"
                + NearestName.Suggest(verb, Verbs) + $"; there are {string.Join(", ", Verbs)}"),
        };

    private static Request.Disassemble Disassembly(DisasmVerb verb)
    {
        var words = verb.Arguments.ToImmutableArray();
        return words.IsEmpty
            ? throw new UsageException("disasm: nothing given; name an ELF file, or words such as 00a50533")
            : new Request.Disassemble(words);
    }

    /// <exception cref="UsageException">One line for the user.</exception>
    internal static T ParseAs<T>(string verb, string[] arguments)
        where T : class, new()
    {
        RequireValues<T>(verb, arguments);
        using var parser = new Parser(settings =>
        {
            settings.AutoHelp = false;
            settings.AutoVersion = false;
            settings.AllowMultiInstance = true;
            settings.HelpWriter = null;
            settings.ParsingCulture = CultureInfo.InvariantCulture;
        });
        var result = parser.ParseArguments(() => new T(), arguments);
        return result.Value ?? throw new UsageException(Explain<T>(verb, result.Errors.First()));
    }

    /// <summary>Where options may repeat, the library takes one without its value for none at all.</summary>
    private static void RequireValues<T>(string verb, string[] arguments)
    {
        var names = typeof(T).GetProperties()
            .Where(property => property.PropertyType != typeof(bool))
            .Select(property => property.GetCustomAttribute<OptionAttribute>())
            .OfType<OptionAttribute>()
            .SelectMany(option => (string[])["--" + option.LongName, "-" + option.ShortName])
            .ToHashSet();
        for (int i = 0; i < arguments.Length; i++)
        {
            string option = arguments[i];
            if (!names.Contains(option) || option.Length == 1)
            {
                continue;
            }

            if (i + 1 == arguments.Length)
            {
                throw new UsageException($"{verb}: {option}: needs a value; riscvxv6 help {verb} says which");
            }

            if (arguments[i + 1] is ['-', _, ..])
            {
                throw new UsageException($"{verb}: {option}: needs a value; "
                    + $"if {OptionValues.Quote(arguments[i + 1])} is meant, write {option}={arguments[i + 1]}");
            }
        }
    }

    private static string Explain<T>(string verb, Error error) =>
        error switch
        {
            UnknownOptionError unknown =>
                $"{verb}: no option {OptionValues.Quote("--" + unknown.Token)}"
                + (NearestName.Find(unknown.Token, LongNames<T>()) is { } near
                    ? $"; did you mean --{near}?"
                    : $"; riscvxv6 help {verb} lists them"),
            MissingValueOptionError missing => $"{verb}: --{missing.NameInfo.LongName}: needs a value",
            RepeatedOptionError repeated => $"{verb}: --{repeated.NameInfo.LongName}: given twice; give it once",
            BadFormatTokenError bad => $"{verb}: {OptionValues.Quote(bad.Token)} is not an option; riscvxv6 help {verb} lists them",
            NamedError named => $"{verb}: --{named.NameInfo.LongName}: can't be understood; see riscvxv6 help {verb}",
            _ => $"{verb}: can't be understood; see riscvxv6 help {verb}",
        };

    private static IEnumerable<string> LongNames<T>() =>
        typeof(T).GetProperties()
            .Select(property => property.GetCustomAttribute<OptionAttribute>()?.LongName)
            .OfType<string>();
}
