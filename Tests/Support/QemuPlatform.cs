using System.Diagnostics;
using System.Globalization;

namespace RiscvXv6.Tests.Support;

/// <summary>Debian's qemu-system-riscv64, with the command line that xv6's Makefile gives it.</summary>
internal sealed class QemuPlatform : IGuestPlatform
{
    public GuestRun Run(GuestRequest request)
    {
        var folder = Directory.CreateTempSubdirectory("riscvxv6-");
        try
        {
            var images = new List<string>();
            foreach (byte[] disk in request.Disks)
            {
                string image = Path.Combine(folder.FullName, $"disk{images.Count}.img");
                File.WriteAllBytes(image, disk);
                images.Add(image);
            }

            var run = Run(request, images);
            for (int index = 0; index < images.Count; index++)
            {
                File.ReadAllBytes(images[index]).CopyTo(request.Disks[index], 0);
            }

            return run;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static GuestRun Run(GuestRequest request, IReadOnlyList<string> images)
    {
        using var process = Start(request, images);
        var script = new ConsoleScript(request.Script);
        bool stopped = false;
        using var limit = new Timer(
            _ =>
            {
                stopped = true;
                process.Kill();
            },
            null,
            TimeSpan.FromSeconds(request.LimitHostSeconds),
            Timeout.InfiniteTimeSpan);
        for (int printed; (printed = process.StandardOutput.Read()) >= 0;)
        {
            if (script.Take((char)printed) is { } text)
            {
                process.StandardInput.Write(text);
                process.StandardInput.Flush();
            }

            if (script.IsOver && !stopped)
            {
                stopped = true;
                process.Kill();
            }
        }

        process.WaitForExit();
        return new GuestRun(script.Output, stopped ? null : process.ExitCode);
    }

    private static Process Start(GuestRequest request, IReadOnlyList<string> images)
    {
        var start = new ProcessStartInfo(Requirement.Tool("qemu-system-riscv64", package: "qemu-system-misc"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        Add(start, "-machine", request.UsesHtif ? "spike" : "virt", "-bios", "none", "-kernel", request.ElfPath);
        Add(start, "-m", "128M", "-smp", request.Harts.ToString(CultureInfo.InvariantCulture), "-nographic");
        if (!request.LegacyVirtio)
        {
            Add(start, "-global", "virtio-mmio.force-legacy=false");
        }

        for (int index = 0; index < images.Count; index++)
        {
            Add(start, "-drive", $"file={images[index]},if=none,format=raw,id=x{index}");
            Add(start, "-device", $"virtio-blk-device,drive=x{index},bus=virtio-mmio-bus.{index}");
        }

        return Process.Start(start)!;
    }

    private static void Add(ProcessStartInfo start, params string[] arguments)
    {
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
    }
}
