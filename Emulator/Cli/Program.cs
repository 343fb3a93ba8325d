using System.Runtime.CompilerServices;
using System.Text;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Qemu;
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
            Complain(VerbHelp.Short);
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
                case Request.Run run:
                    return MachineSession.Run(run);
                default:
                    return ExitCode.BadCommandLine;
            }
        }
        catch (UsageException e)
        {
            Complain($"riscvxv6: {e.Message}\n");
            return ExitCode.BadCommandLine;
        }
        catch (Exception e)
        {
            // A fault of ours; by now the terminal is restored and the guest's output delivered.
            Complain($"riscvxv6: internal error, please report it: {e}\n");
            return ExitCode.MachineError;
        }
    }

    private static int Print(string text)
    {
        try
        {
            using var output = Console.OpenStandardOutput();
            output.Write(Encoding.UTF8.GetBytes(text));
            return ExitCode.Success;
        }
        catch (IOException)
        {
            // Whoever reads it has read enough: `-help | grep -q`.
            return ExitCode.Success;
        }
    }

    private static void Complain(string text)
    {
        try
        {
            using var error = Console.OpenStandardError();
            error.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // Nobody listens.
        }
    }
}
