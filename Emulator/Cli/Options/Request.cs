using System.Collections.Immutable;
using System.Net;
using RiscvXv6.Devices.Net.Peers;
using RiscvXv6.Emulator.Cli.FileSystem;
using RiscvXv6.Emulator.Cli.Scripts;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Replay;

namespace RiscvXv6.Emulator.Cli.Options;

/// <summary>What a command line asks for.</summary>
internal abstract record Request
{
    private Request()
    {
    }

    /// <summary>Print something and end with code 0.</summary>
    public sealed record Print(string Text) : Request;

    /// <summary>Run a machine.</summary>
    /// <param name="Options">Complete and checked, but for the files it names.</param>
    /// <param name="Notices">Lines for standard error before the machine starts.</param>
    public sealed record Run(MachineOptions Options, ImmutableArray<string> Notices) : Request
    {
        /// <summary>What it was made of; a record keeps it.</summary>
        public Invocation? Invocation { get; init; }

        /// <summary>The record that the machine's input comes from; null for the host.</summary>
        public RunRecord? Record { get; init; }
    }

    /// <summary>Run again what a record says.</summary>
    /// <param name="Path">The record.</param>
    /// <param name="Arguments">For what to see of it: options that both front doors have.</param>
    /// <param name="Host">The present one.</param>
    public sealed record Replay(string Path, ImmutableArray<string> Arguments, HostFacts Host) : Request
    {
        /// <summary>The replay's own debugger.</summary>
        public DebuggerOptions Debugger { get; init; } = DebuggerOptions.None;

        /// <summary>A log of the replay; null for standard error, or none.</summary>
        public string? LogPath { get; init; }

        /// <summary>What is logged; null if nobody chose.</summary>
        public LogItems? LogItems { get; init; }
    }

    /// <summary>Disassemble a file, or instruction words in hexadecimal.</summary>
    public sealed record Disassemble(ImmutableArray<string> Arguments) : Request;

    /// <summary>Serve guests on the host's network.</summary>
    /// <param name="Peers">Port 0 for any that is free.</param>
    /// <param name="Address">Of the host's interface.</param>
    public sealed record Serve(ImmutableArray<PeerOptions> Peers, IPAddress Address) : Request;

    /// <summary>Run scripts.</summary>
    public sealed record Test(TestCommand Command) : Request;

    /// <summary>Work on the file system in an image.</summary>
    public sealed record FileSystem(FsCommand Command) : Request;
}
