using System.Collections.Immutable;
using System.Text;
using RiscvXv6.Emulator.Cli.Scripts;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Scripts;

/// <summary>Reads and runs scripts that tests hold as text, with our guest at hand.</summary>
internal static class ScriptFile
{
    /// <summary>As places name it; its folder is the repository's root.</summary>
    public static string Path { get; } = RepositoryFiles.PathOf("test.yaml");

    /// <summary>The keys of a machine that boots our guest.</summary>
    public const string Machine = "machine: {kernel: xv6-guest-image/image/kernel.elf, disk: xv6-guest-image/image/fs.img}\n";

    public static ImmutableArray<GuestTest> Read(string script, params ImmutableArray<ScriptChoice> choices) =>
        ScriptReader.Read(Path, Encoding.UTF8.GetBytes(script), choices).Tests;

    /// <summary>What is said of a bad script, after its name; <c>(accepted)</c> if nothing.</summary>
    public static string Complaint(byte[] script)
    {
        try
        {
            ScriptReader.Read(Path, script, []);
            return "(accepted)";
        }
        catch (ScriptException e)
        {
            return e.Message.Replace(Path + ":", "", StringComparison.Ordinal).Replace(RepositoryFiles.Root, "ROOT", StringComparison.Ordinal);
        }
    }

    /// <summary>Runs the only case of a script with our guest.</summary>
    /// <param name="steps">In YAML.</param>
    /// <param name="top">More keys of the script.</param>
    public static TestOutcome Run(string steps, string top = "") => Run(Read($"{Machine}{top}\nsteps:\n{steps}").Single());

    public static TestOutcome Run(GuestTest test) => new GuestTestRunner(test, null).Run(CancellationToken.None);
}
