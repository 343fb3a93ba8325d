using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Tests.Cli;

/// <summary>Parses command lines on a host whose facts are fixed.</summary>
internal static class CommandLineDriver
{
    public static HostFacts Host { get; } = new(IsTerminal: false, UtcNanoseconds: 1_000, LocalNanoseconds: 2_000);

    /// <summary>What the program would make of a line, split as a shell splits it.</summary>
    public static Request Parse(string line, string? environment = null) =>
        FrontDoors.Parse(ArgumentSplitter.Split("test", line), environment, Host);

    public static Request.Run Run(string line, string? environment = null) => (Request.Run)Parse(line, environment);

    /// <summary>The options of a machine: the line is given a kernel and no firmware.</summary>
    public static MachineOptions Qemu(string line) => Run("-machine virt -bios none -kernel k " + line).Options;

    /// <summary>The complaint about a line that must be refused.</summary>
    public static string Complaint(string line, string? environment = null)
    {
        try
        {
            Parse(line, environment);
        }
        catch (UsageException e)
        {
            return e.Message;
        }

        return "(accepted)";
    }
}
