using System.Diagnostics;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Machine.DeviceTree;

/// <summary>The device tree compiler and QEMU, the oracles of these tests.</summary>
internal static class Dtc
{
    private const int TimeoutMilliseconds = 30_000;

    /// <summary>The source text of a blob, with nodes and properties sorted.</summary>
    public static string Decompile(byte[] blob)
    {
        string text = DecompileWithWarnings(blob, out string warnings);
        Assert.That(warnings, Does.Not.Contain("ERROR"));
        return text;
    }

    public static string DecompileWithWarnings(byte[] blob, out string warnings)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.PathOf("tree.dtb"), blob);
        string output = folder.PathOf("tree.dts");
        warnings = Run("dtc", ["-q", "-q", "-s", "-I", "dtb", "-O", "dts", "-o", output, folder.PathOf("tree.dtb")],
            "device-tree-compiler");
        return File.ReadAllText(output);
    }

    /// <summary>What dtc's checks say of a blob, one line each.</summary>
    public static string[] Check(byte[] blob)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.PathOf("tree.dtb"), blob);
        string warnings = Run(
            "dtc",
            ["-I", "dtb", "-O", "dts", "-o", folder.PathOf("tree.dts"), folder.PathOf("tree.dtb")],
            "device-tree-compiler");
        return [.. warnings.Split('\n').Where(line => line.Length != 0).Select(line => line[(line.IndexOf(": ") + 2)..])];
    }

    /// <summary>Makes a blob of source text.</summary>
    public static byte[] Compile(string source)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("tree.dts"), source);
        Run("dtc", ["-q", "-I", "dts", "-O", "dtb", "-o", folder.PathOf("tree.dtb"), folder.PathOf("tree.dts")],
            "device-tree-compiler");
        return File.ReadAllBytes(folder.PathOf("tree.dtb"));
    }

    /// <summary>The blob that QEMU's <c>virt</c> gives its guest.</summary>
    public static byte[] OfQemu(int harts, int memoryMiB)
    {
        using var folder = new TemporaryFolder();
        string blob = folder.PathOf("virt.dtb");
        Run(
            "qemu-system-riscv64",
            ["-machine", $"virt,dumpdtb={blob}", "-smp", $"{harts}", "-m", $"{memoryMiB}M", "-bios", "none", "-display", "none"],
            "qemu-system-misc");
        return File.ReadAllBytes(blob);
    }

    /// <returns>What the tool wrote to its standard error.</returns>
    private static string Run(string tool, IEnumerable<string> arguments, string package)
    {
        using var process = Process.Start(new ProcessStartInfo(Requirement.Tool(tool, package), arguments)
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeoutMilliseconds))
        {
            process.Kill();
            Assert.Fail($"{tool} does not end");
        }

        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        return errors.Result;
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("riscvxv6-dtc-");

        public string PathOf(string name) => Path.Combine(_folder.FullName, name);

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
