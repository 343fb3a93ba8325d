using System.Collections.Immutable;

namespace RiscvXv6.Emulator.Replay;

/// <summary>What was to be run: all that the command line, the files and the host had said when the machine was assembled.</summary>
internal sealed record RunDescription
{
    /// <summary>The program that recorded it.</summary>
    public required string Program { get; init; }

    /// <summary>The command line, without the program.</summary>
    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>What the environment put before it; null for nothing.</summary>
    public string? Environment { get; init; }

    /// <summary>The folder in which the program was started: relative paths begin there.</summary>
    public required string Directory { get; init; }

    /// <summary>Standard input was a terminal.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Nanoseconds since 1970 at the start, for the guest's clock.</summary>
    public ulong UtcNanoseconds { get; init; }

    /// <summary>The same, as the host's clock on the wall showed it.</summary>
    public ulong LocalNanoseconds { get; init; }

    /// <summary>The host's name server, as <c>ADDRESS:PORT</c>; null if nobody asked for it, or there was none.</summary>
    public string? Resolver { get; init; }

    /// <summary>What was loaded into memory.</summary>
    public ImmutableArray<RecordedFile> Files { get; init; } = [];

    /// <summary>The disks, in the order of their options.</summary>
    public ImmutableArray<RecordedDisk> Disks { get; init; } = [];
}

/// <summary>A file that was loaded into memory.</summary>
/// <param name="Role">The option that named it: <c>-kernel</c>.</param>
/// <param name="Path">As the program was told, or found it.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Sha256">In hexadecimal, 64 small letters and digits.</param>
internal sealed record RecordedFile(string Role, string Path, long SizeBytes, string Sha256);

/// <summary>A disk as it was at the start.</summary>
/// <param name="DriveId">The drive's.</param>
/// <param name="Path">The image.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Sha256">Of all of it.</param>
/// <param name="IsKept">Its contents are in the record.</param>
internal sealed record RecordedDisk(string DriveId, string Path, long SizeBytes, string Sha256, bool IsKept);
