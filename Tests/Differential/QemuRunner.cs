using System.Diagnostics;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Differential;

/// <summary>
/// Debian's qemu-system-riscv64, with its RAM in a file that both sides share: the image goes in before it starts, and what
/// the programs left is read when it has powered off.
/// </summary>
internal static class QemuRunner
{
    /// <summary>
    /// <c>rv64,h=false</c> and, so that there is the same to compare: no debug triggers (<c>debug</c>), Svinval, identity
    /// registers of zero. Sstc and Zba to Zbs are on by default; A and D bits are always updated.
    /// </summary>
    public const string Cpu = "rv64,h=false,debug=false,svinval=true,marchid=0,mimpid=0";

    private const string Program = "qemu-system-riscv64";
    private const int TimeoutMilliseconds = 20_000;

    /// <summary>The path of QEMU; without it the test is skipped, or fails where everything is required.</summary>
    public static string Require() => Requirement.Tool(Program, "qemu-system-misc");

    /// <summary>RAM after the run, as long as the image.</summary>
    public static byte[] Run(ReadOnlySpan<byte> image)
    {
        var folder = Directory.CreateTempSubdirectory("riscvxv6-differential-");
        try
        {
            string ram = Path.Combine(folder.FullName, "ram");
            using (var file = File.Create(ram))
            {
                file.SetLength((long)Layout.RamBytes);
                file.Write(image);
            }

            Execute(ram);
            byte[] after = new byte[image.Length];
            using var result = File.OpenRead(ram);
            result.ReadExactly(after);
            return after;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Execute(string ram)
    {
        string size = $"{Layout.RamBytes >> 20}M";
        string[] arguments =
        [
            "-machine", "virt,memory-backend=ram", "-cpu", Cpu, "-icount", "shift=0", "-bios", "none", "-m", size,
            "-object", $"memory-backend-file,id=ram,size={size},mem-path={ram},share=on",
            "-display", "none", "-monitor", "none", "-serial", "none",
        ];
        using var process = Process.Start(new ProcessStartInfo(Require(), arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeoutMilliseconds))
        {
            process.Kill();
            process.WaitForExit();
        }
        else if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Program} failed: {errors.GetAwaiter().GetResult()}");
        }
    }
}
