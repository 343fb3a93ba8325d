using System.Collections.Immutable;
using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Scripts;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>A case of a script with all that the host must have for it.</summary>
/// <param name="Case">What is done.</param>
/// <param name="Options">On which machine.</param>
/// <param name="Faults">What its steps choose from.</param>
/// <param name="Kept">Disks to write to files at the end.</param>
/// <param name="Settings">The case's variables as the command line gives them: their files begin at the working folder.</param>
internal sealed record GuestTest(
    ScriptCase Case,
    MachineOptions Options,
    ImmutableArray<FaultOptions> Faults,
    ImmutableArray<KeptDisk> Kept,
    ImmutableArray<ScriptVariable> Settings)
{
    /// <summary>
    /// Something outside this process may have a say. Forwarded ports of a closed network are the script's own, not the host's.
    /// </summary>
    public bool ReachesHost => Reaches(Options.Network);

    /// <summary>The same, of a machine's networks.</summary>
    public static bool Reaches(NetworkOptions network) =>
        network.Netdevs.Any(static netdev => netdev is UserNetdevOptions user ? !IsClosed(user) : netdev.ReachesHost);

    /// <summary>Nothing of the host is in reach, whatever is forwarded.</summary>
    public static bool IsClosed(UserNetdevOptions user) => user.Network.IsRestricted && user.Network.GuestForwards.Count == 0;

    /// <summary>The line that runs this case and no other.</summary>
    public string Command =>
        $"riscvxv6 test {Quoted(Case.Place.File)}{string.Concat(Settings.Select(static v => $" --set {Quoted($"{v.Name}={v.Value}")}"))}";

    private static string Quoted(string word) =>
        word.All(static c => char.IsAsciiLetterOrDigit(c) || "-_./=:,+%@".Contains(c)) && word.Length > 0
            ? word
            : word.Any(char.IsControl)
            ? $"$'{string.Concat(word.Select(static c => char.IsControl(c) ? $"\\x{(int)c:x2}" : c is '\\' or '\'' ? $"\\{c}" : $"{c}"))}'"
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
