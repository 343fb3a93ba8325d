using System.Diagnostics;

namespace RiscvXv6.Tests.Xv6.Network;

/// <summary>A guest on an emulator that is a process of its own, with a copy of the disk.</summary>
internal class LiveProcess : LiveGuest
{
    private readonly Process _process;
    private readonly string _disk = Path.GetTempFileName();
    private readonly Thread _reader;

    /// <param name="program">An emulator, or what starts one.</param>
    /// <param name="arguments">Before those of the machine.</param>
    /// <param name="network">After those of the machine.</param>
    public LiveProcess(string program, IEnumerable<string> arguments, IEnumerable<string> network)
    {
        File.WriteAllBytes(_disk, File.ReadAllBytes(GuestImage.Disk));
        string[] machine =
        [
            "-machine", "virt", "-bios", "none", "-kernel", GuestImage.Kernel, "-m", "128M", "-smp", "1", "-nographic",
            "-global", "virtio-mmio.force-legacy=false",
            "-drive", $"file={_disk},if=none,format=raw,id=x0", "-device", "virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0",
        ];
        _process = Process.Start(new ProcessStartInfo(program, [.. arguments, .. machine, .. network])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.ErrorDataReceived += (_, line) => (line.Data ?? "").ToList().ForEach(Print);
        _process.BeginErrorReadLine();
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    public override void Type(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    public override void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _reader.Join();
        _process.Dispose();
        File.Delete(_disk);
    }

    private void Read()
    {
        for (int printed; (printed = _process.StandardOutput.Read()) >= 0;)
        {
            Print((char)printed);
        }
    }
}
