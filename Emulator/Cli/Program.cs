using System.Runtime.CompilerServices;
using System.Text;
using RiscvXv6.Emulator.Cli.FileSystem;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Qemu;
using RiscvXv6.Emulator.Cli.Replay;
using RiscvXv6.Emulator.Cli.Scripts;
using RiscvXv6.Emulator.Cli.Terminal;
using RiscvXv6.Emulator.Cli.Verbs;

namespace RiscvXv6.Emulator.Cli;

internal static class Program
{
    /// <summary>
    /// xv6's Makefile starts the program once or twice in every invocation, only to ask for its version or help: these are
    /// answered before anything else is loaded.
    /// </summary>
    private static int Main(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            switch (arguments[0])
            {
                case "-version" or "--version":
                    return Print(VersionText.Full);
                case "-h" or "-help" or "--help":
                    return Print(QemuHelp.Text());
            }
        }

        return Application(arguments);
    }

    /// <summary>Apart, so that the JIT and the loader see it only when it is called.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Application(string[] arguments)
    {
        string? prepended = Environment.GetEnvironmentVariable(FrontDoors.EnvironmentVariable);
        if (arguments.Length == 0 && string.IsNullOrWhiteSpace(prepended))
        {
            StandardStreams.Complain(VerbHelp.Short);
            return ExitCode.BadCommandLine;
        }

        try
        {
            switch (FrontDoors.Parse(arguments, prepended, HostFacts.Ask()))
            {
                case Request.Print print:
                    return Print(print.Text);
                case Request.Disassemble disassemble:
                    var listing = new StringWriter();
                    DisassemblyListing.Write(disassemble.Arguments, listing);
                    return Print(listing.ToString());
                case Request.FileSystem fileSystem:
                    return FsSession.Run(fileSystem.Command);
                case Request.Serve serve:
                    return ServeSession.Run(serve.Peers, serve.Address);
                case Request.Test test:
                    return TestSession.Run(test.Command);
                case Request.Run run:
                    return MachineSession.Run(run);
                case Request.Replay replay:
                    return MachineSession.Run(ReplayRequest.Prepare(replay));
                default:
                    return ExitCode.BadCommandLine;
            }
        }
        catch (UsageException e)
        {
            StandardStreams.Complain($"riscvxv6: {e.Message}\n");
            return ExitCode.BadCommandLine;
        }
        catch (Exception e)
        {
            // A fault of ours; by now the terminal is restored and the guest's output delivered.
            StandardStreams.Complain($"riscvxv6: internal error, please report it: {e}\n");
            return ExitCode.MachineError;
        }
    }

    private static int Print(string text)
    {
        // Whoever closed the pipe has read enough: `-help | grep -q`.
        if (StandardStreams.Write(Encoding.UTF8.GetBytes(text)) != WriteStatus.Failed)
        {
            return ExitCode.Success;
        }

        StandardStreams.Complain("riscvxv6: standard output can't be written; is it closed, or the disk full?\n");
        return ExitCode.MachineError;
    }
}
