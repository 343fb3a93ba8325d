using CommandLine;

namespace RiscvXv6.Emulator.Cli.Verbs;

/// <summary><c>riscvxv6 fs build</c>.</summary>
[Verb("fs build", HelpText = "Make a disk image of a folder's files and subfolders.")]
internal sealed class FsBuildVerb
{
    [Value(0, MetaName = "IMAGE", HelpText = "The image to write; not there yet.")]
    public string? Image { get; set; }

    [Value(1, MetaName = "FOLDER", HelpText = "What becomes its root directory.")]
    public string? Folder { get; set; }

    [Value(2, Hidden = true)]
    public IEnumerable<string> Rest { get; set; } = [];

    [Option("blocks", MetaValue = "N", HelpText = "Blocks of 1024 bytes in all (2000).")]
    public string? Blocks { get; set; }

    [Option("inodes", MetaValue = "N", HelpText = "Inodes; one is none's and one the root's (200).")]
    public string? Inodes { get; set; }

    [Option("log", MetaValue = "N", HelpText = "Blocks of the log, with its header (31; 30 until 2024).")]
    public string? Log { get; set; }

    [Option("force", HelpText = "Overwrite an image that is there.")]
    public bool Force { get; set; }
}

/// <summary><c>riscvxv6 fs ls</c>.</summary>
[Verb("fs ls", HelpText = "List a directory of an image and all below it, or a file.")]
internal sealed class FsListVerb
{
    [Value(0, MetaName = "IMAGE", HelpText = "A disk image.")]
    public string? Image { get; set; }

    [Value(1, MetaName = "PATH", HelpText = "Where to begin (/).")]
    public string? Path { get; set; }

    [Value(2, Hidden = true)]
    public IEnumerable<string> Rest { get; set; } = [];
}

/// <summary><c>riscvxv6 fs cat</c>.</summary>
[Verb("fs cat", HelpText = "Print a file of an image, byte for byte.")]
internal sealed class FsCatVerb
{
    [Value(0, MetaName = "IMAGE", HelpText = "A disk image.")]
    public string? Image { get; set; }

    [Value(1, MetaName = "PATH", HelpText = "The file in it.")]
    public string? Path { get; set; }

    [Value(2, Hidden = true)]
    public IEnumerable<string> Rest { get; set; } = [];
}

/// <summary><c>riscvxv6 fs add</c>.</summary>
[Verb("fs add", HelpText = "Copy files and folders into an image. If one can't be, none is.")]
internal sealed class FsAddVerb
{
    [Value(0, MetaName = "IMAGE", HelpText = "A disk image.")]
    public string? Image { get; set; }

    [Value(1, MetaName = "FILE…", HelpText = "Files and folders of the host.")]
    public IEnumerable<string> Files { get; set; } = [];

    [Option("to", MetaValue = "PATH", HelpText = "A directory of the image for them (/), or a new name for one.")]
    public string? To { get; set; }

    [Option("force", HelpText = "Replace files that are there.")]
    public bool Force { get; set; }
}

/// <summary><c>riscvxv6 fs rm</c>.</summary>
[Verb("fs rm", HelpText = "Remove a file or an empty directory from an image.")]
internal sealed class FsRemoveVerb
{
    [Value(0, MetaName = "IMAGE", HelpText = "A disk image.")]
    public string? Image { get; set; }

    [Value(1, MetaName = "PATH", HelpText = "What to remove.")]
    public string? Path { get; set; }

    [Value(2, Hidden = true)]
    public IEnumerable<string> Rest { get; set; } = [];

    [Option("recursive", HelpText = "Also a directory with what is in it.")]
    public bool Recursive { get; set; }
}

/// <summary><c>riscvxv6 fs extract</c>.</summary>
[Verb("fs extract", HelpText = "Copy everything on an image into a folder; devices are listed and skipped.")]
internal sealed class FsExtractVerb
{
    [Value(0, MetaName = "IMAGE", HelpText = "A disk image.")]
    public string? Image { get; set; }

    [Value(1, MetaName = "FOLDER", HelpText = "A new folder, or an empty one.")]
    public string? Folder { get; set; }

    [Value(2, Hidden = true)]
    public IEnumerable<string> Rest { get; set; } = [];
}

/// <summary><c>riscvxv6 fs check</c>.</summary>
[Verb("fs check", HelpText = "Look for inconsistencies: exit code 0 if there are none, else 1.")]
internal sealed class FsCheckVerb
{
    [Value(0, MetaName = "IMAGE", HelpText = "A disk image.")]
    public string? Image { get; set; }

    [Value(1, Hidden = true)]
    public IEnumerable<string> Rest { get; set; } = [];

    [Option("json", HelpText = "Print the findings as JSON.")]
    public bool Json { get; set; }

    [Option("as-is", HelpText = "Do not look at it as after the next boot, which copies what the log holds to its place.")]
    public bool AsIs { get; set; }
}
