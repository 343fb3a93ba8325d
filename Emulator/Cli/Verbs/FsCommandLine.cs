using System.Collections.Immutable;
using System.Globalization;
using RiscvXv6.Emulator.Cli.FileSystem;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Text;
using RiscvXv6.Guest.Xv6Fs;

namespace RiscvXv6.Emulator.Cli.Verbs;

/// <summary><c>riscvxv6 fs COMMAND …</c>: what is done with the file system in an image.</summary>
internal static class FsCommandLine
{
    public static readonly ImmutableArray<string> Commands = ["build", "ls", "cat", "add", "rm", "extract", "check"];

    public const string Overview = """
        riscvxv6 fs COMMAND IMAGE …
            Make, read, change and check disk images with xv6's file system.

          fs build IMAGE FOLDER     make an image of a folder
          fs ls IMAGE [PATH]        list what is there
          fs cat IMAGE PATH         print a file
          fs add IMAGE FILE…        copy files and folders into it
          fs rm IMAGE PATH          remove a file or a directory
          fs extract IMAGE FOLDER   copy everything into a folder
          fs check IMAGE            look for inconsistencies

        riscvxv6 help fs COMMAND says more. A machine that has the image open keeps all of these out.

        """;

    /// <param name="arguments">What follows <c>fs</c>.</param>
    /// <exception cref="UsageException">One line for the user.</exception>
    public static Request Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
        {
            throw new UsageException($"fs: no command given; there are {string.Join(", ", Commands)}");
        }

        if (arguments[0] is "--help" or "-h" or "-help" || arguments.Count > 1 && arguments[1] is "--help" or "-h" or "-help")
        {
            return new Request.Print(HelpFor(arguments[0].StartsWith('-') ? null : arguments[0]));
        }

        string[] rest = [.. arguments.Skip(1)];
        return new Request.FileSystem(arguments[0] switch
        {
            "build" => Build(VerbCommandLine.ParseAs<FsBuildVerb>("fs build", rest)),
            "ls" => List(VerbCommandLine.ParseAs<FsListVerb>("fs ls", rest)),
            "cat" => Cat(VerbCommandLine.ParseAs<FsCatVerb>("fs cat", rest)),
            "add" => Add(VerbCommandLine.ParseAs<FsAddVerb>("fs add", rest)),
            "rm" => Remove(VerbCommandLine.ParseAs<FsRemoveVerb>("fs rm", rest)),
            "extract" => Extract(VerbCommandLine.ParseAs<FsExtractVerb>("fs extract", rest)),
            "check" => Check(VerbCommandLine.ParseAs<FsCheckVerb>("fs check", rest)),
            _ => throw Unknown(arguments[0]),
        });
    }

    /// <param name="command">One of <see cref="Commands"/>, or null for all.</param>
    public static string HelpFor(string? command) => command switch
    {
        null => Overview,
        "build" => VerbHelp.Of<FsBuildVerb>(),
        "ls" => VerbHelp.Of<FsListVerb>(),
        "cat" => VerbHelp.Of<FsCatVerb>(),
        "add" => VerbHelp.Of<FsAddVerb>(),
        "rm" => VerbHelp.Of<FsRemoveVerb>(),
        "extract" => VerbHelp.Of<FsExtractVerb>(),
        "check" => VerbHelp.Of<FsCheckVerb>(),
        _ => throw Unknown(command),
    };

    private static FsCommand.Build Build(FsBuildVerb verb)
    {
        string image = Given("fs build", "IMAGE", verb.Image);
        string folder = Given("fs build", "FOLDER", verb.Folder);
        RequireNoMore("fs build", verb.Rest);
        bool isShape = FsShape.TryCreate(
            Number("--blocks", verb.Blocks, FsShape.DefaultBlocks),
            Number("--inodes", verb.Inodes, FsShape.DefaultInodes),
            Number("--log", verb.Log, FsShape.DefaultLogBlocks),
            out var shape,
            out var error);
        return isShape
            ? new FsCommand.Build(image, folder, shape!, verb.Force)
            : throw new UsageException($"fs build: {error!.Message}");
    }

    private static FsCommand.List List(FsListVerb verb)
    {
        RequireNoMore("fs ls", verb.Rest);
        return new(Given("fs ls", "IMAGE", verb.Image), verb.Path ?? "/");
    }

    private static FsCommand.Cat Cat(FsCatVerb verb)
    {
        RequireNoMore("fs cat", verb.Rest);
        return new(Given("fs cat", "IMAGE", verb.Image), Given("fs cat", "PATH", verb.Path));
    }

    private static FsCommand.Add Add(FsAddVerb verb)
    {
        ImmutableArray<string> files = [.. verb.Files];
        string image = Given("fs add", "IMAGE", verb.Image);
        _ = Given("fs add", "FILE", files.IsEmpty || files.Contains("") ? null : files[0]);
        return new(image, files, verb.To ?? "/", verb.Force);
    }

    private static FsCommand.Remove Remove(FsRemoveVerb verb)
    {
        RequireNoMore("fs rm", verb.Rest);
        return new(Given("fs rm", "IMAGE", verb.Image), Given("fs rm", "PATH", verb.Path), verb.Recursive);
    }

    private static FsCommand.Extract Extract(FsExtractVerb verb)
    {
        RequireNoMore("fs extract", verb.Rest);
        return new(Given("fs extract", "IMAGE", verb.Image), Given("fs extract", "FOLDER", verb.Folder));
    }

    private static FsCommand.Check Check(FsCheckVerb verb)
    {
        RequireNoMore("fs check", verb.Rest);
        return new(
            Given("fs check", "IMAGE", verb.Image), verb.Json, verb.AsIs ? FsView.AsIs : FsView.AfterRecovery);
    }

    private static string Given(string verb, string what, string? value) =>
        string.IsNullOrEmpty(value) ? throw new UsageException($"{verb}: no {what} given; see riscvxv6 help {verb}") : value;

    private static void RequireNoMore(string verb, IEnumerable<string> rest)
    {
        if (rest.FirstOrDefault() is { } one)
        {
            throw new UsageException($"{verb}: {OptionValues.Quote(one)} is one too many; see riscvxv6 help {verb}");
        }
    }

    private static uint Number(string option, string? text, uint whenAbsent) => text switch
    {
        null => whenAbsent,
        _ when uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint value) => value,
        _ => throw new UsageException(
            $"fs build: {option}: {OptionValues.Quote(text)} is not a number; write one such as {whenAbsent}"),
    };

    private static UsageException Unknown(string command) =>
        new($"fs: {OptionValues.Quote(command)} is not a command{NearestName.Suggest(command, Commands, "fs ")}"
            + $"; there are {string.Join(", ", Commands)}");
}
