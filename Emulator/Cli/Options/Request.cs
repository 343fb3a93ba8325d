using System.Collections.Immutable;
using System.Net;
using RiscvXv6.Devices.Net.Peers;
using RiscvXv6.Emulator.Cli.FileSystem;
using RiscvXv6.Emulator.Cli.Scripts;
using RiscvXv6.Emulator.Machine;

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
    public sealed record Run(MachineOptions Options, ImmutableArray<string> Notices) : Request;

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
