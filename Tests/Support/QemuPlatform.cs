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
        List<string> arguments =
        [
            "-machine", request.UsesHtif ? "spike" : "virt", "-bios", "none", "-kernel", request.ElfPath,
            "-m", "128M", "-smp", request.Harts.ToString(CultureInfo.InvariantCulture), "-nographic",
        ];
        if (!request.LegacyVirtio)
        {
            arguments.AddRange(["-global", "virtio-mmio.force-legacy=false"]);
        }

        for (int index = 0; index < images.Count; index++)
        {
            arguments.AddRange(["-drive", $"file={images[index]},if=none,format=raw,id=x{index}"]);
            arguments.AddRange(["-device", $"virtio-blk-device,drive=x{index},bus=virtio-mmio-bus.{index}"]);
        }

        arguments.AddRange(request.NetworkOptions.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        string program = Requirement.Tool("qemu-system-riscv64", package: "qemu-system-misc");
        return ScriptedProcess.Run(program, arguments, request.Script, request.LimitHostSeconds);
    }
}
