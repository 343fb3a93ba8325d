using System.Diagnostics;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Xv6;

/// <summary>Builds the guest from its sources, away from the committed image.</summary>
internal static class Toolchain
{
    private const string Package = "gcc-riscv64-unknown-elf";

    /// <summary>The compiler's and the linker's versions, as the MANIFEST writes them.</summary>
    public static string[] Versions()
    {
        string compiler = Requirement.Tool("riscv64-unknown-elf-gcc", Package);
        string linker = Requirement.Tool("riscv64-unknown-elf-ld", Package);
        return
        [
            $"compiler {Run(compiler, ["--version"]).Split('\n')[0]}",
            $"linker {Run(linker, ["--version"]).Split('\n')[0]}",
        ];
    }

    /// <summary>Copies the sources into the folder, so that builds do not meet, and makes the targets there.</summary>
    public static void Make(string folder, params string[] arguments)
    {
        _ = Requirement.Tool("riscv64-unknown-elf-gcc", Package);
        string make = Requirement.Tool("make", "make");
        string sources = RepositoryFiles.PathOf("xv6-guest-image");
        foreach (string part in new[] { "Makefile", "kernel", "user" })
        {
            Copy(Path.Combine(sources, part), Path.Combine(folder, part));
        }

        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "riscvxv6.exe" : "riscvxv6");
        Run(make, ["-s", "-C", folder, $"RISCVXV6={program}", .. arguments]);
    }

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Copy(from, to);
            return;
        }

        Directory.CreateDirectory(to);
        foreach (string entry in Directory.EnumerateFileSystemEntries(from))
        {
            Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
        }
    }

    private static string Run(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}\n{output}{errors.Result}");
        return output;
    }
}
