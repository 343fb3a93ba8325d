using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RiscvXv6.Benchmarks.Packets;

/// <summary>
/// Our guest's netbench on this machine and on QEMU in turn, against one and the same peer on the host: packets per second of the wall's
/// time, and their ratio.
/// </summary>
internal sealed partial class NetComparison(string repository, int runs, TextWriter output, TextWriter progress)
{
    private const int Datagrams = 3000, FloodedDatagrams = 500, Flood = 1_000_000, SmallFrame = 64, LargeFrame = 1514, Headers = 14 + 20 + 8, FrameCheck = 4;
    private const string QemuProgram = "qemu-system-riscv64";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly (string Name, PacketMode Mode, int FrameBytes)[] Parts =
    [
        ("transmit, 64 bytes", PacketMode.Transmit, SmallFrame),
        ("transmit, 1514 bytes", PacketMode.Transmit, LargeFrame),
        ("echo round trips, 64 bytes", PacketMode.Echo, SmallFrame),

        // The last, for the flood does not end before the guest does.
        ("receive flood, 64 bytes", PacketMode.Receive, SmallFrame),
    ];

    /// <summary>Prints a line for each part. The program's exit code: 1 if something could not be run.</summary>
    public int Execute()
    {
        string ours = Path.Combine(repository, "artifacts", "riscvxv6");
        var ourRates = new List<double[]>();
        var qemuRates = new List<double[]>();
        try
        {
            for (int run = 1; run <= runs; run++)
            {
                progress.WriteLine($"run {run} of {runs}: ours");
                ourRates.Add(Measure(ours));
                progress.WriteLine($"run {run} of {runs}: QEMU");
                qemuRates.Add(Measure(QemuProgram));
            }
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or System.ComponentModel.Win32Exception)
        {
            Console.Error.WriteLine($"bench: {failure.Message}");
            return 1;
        }

        output.WriteLine($"packets per second of wall time, median of {runs} alternating runs (least to most)");
        output.WriteLine($"{"",-28} {"ratio",6}   {"ours",-28} QEMU");
        for (int part = 0; part < Parts.Length; part++)
        {
            double[] mine = [.. ourRates.Select(rates => rates[part]).Order()];
            double[] theirs = [.. qemuRates.Select(rates => rates[part]).Order()];
            double ratio = mine[mine.Length / 2] / theirs[theirs.Length / 2];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Parts[part].Name,-28} {ratio,6:0.00}   {Text(mine),-28} {Text(theirs)}"));
        }

        return 0;

        static string Text(double[] rates) => string.Create(
            CultureInfo.InvariantCulture, $"{rates[rates.Length / 2]:0} ({rates[0]:0} to {rates[^1]:0})");
    }

    private double[] Measure(string program)
    {
        using var peer = new WirePeer();
        string disk = Path.GetTempFileName();
        try
        {
            File.Copy(Path.Combine(repository, "xv6-guest-image/image/fs.img"), disk, overwrite: true);
            using var guest = new Guest(program, Arguments(disk, peer.Port));
            guest.Command("ping -c 1 10.0.2.2");
            return [.. Parts.Select(part => Measure(guest, peer, part.Mode, part.FrameBytes))];
        }
        finally
        {
            File.Delete(disk);
        }
    }

    private static double Measure(Guest guest, WirePeer peer, PacketMode mode, int frameBytes)
    {
        int payload = frameBytes - Headers - FrameCheck;
        peer.Clear();
        if (mode == PacketMode.Receive)
        {
            guest.Command($"netbench -c {FloodedDatagrams} -t 100 rx {PeerFrames.GuestPort} & sleep 2");
            long began = Stopwatch.GetTimestamp();
            string answer = guest.Command($"sendpkt udp 10.0.2.2 {PeerFrames.FloodPort} {frameBytes} {Flood}; wait");
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            return double.Parse(ReceivedCount().Match(answer).Groups[1].ValueSpan, CultureInfo.InvariantCulture) / seconds;
        }

        string verb = mode == PacketMode.Transmit ? $"tx 10.0.2.2 {PeerFrames.SinkPort}" : $"echo 10.0.2.2 {PeerFrames.EchoPort}";
        guest.Command($"netbench -c {Datagrams} -s {payload} {verb}");

        // What was sent last may still be in a socket.
        for (int tries = 0; peer.Received < Datagrams && tries < 100; tries++)
        {
            Thread.Sleep(10);
        }

        return peer.Received < 2
            ? throw new InvalidDataException($"the peer got {peer.Received} datagrams")
            : (peer.Received - 1) / peer.Elapsed.TotalSeconds;
    }

    private string[] Arguments(string disk, int port) =>
    [
        "-machine", "virt", "-bios", "none", "-m", "128M", "-smp", "1", "-nographic",
        "-kernel", Path.Combine(repository, "xv6-guest-image/image/kernel.elf"),
        "-global", "virtio-mmio.force-legacy=false",
        "-drive", $"file={disk},if=none,format=raw,id=x0", "-device", "virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0",
        "-netdev", $"socket,id=net0,connect=127.0.0.1:{port}", "-device", "e1000,netdev=net0,bus=pcie.0",
    ];

    [GeneratedRegex("received ([0-9]+) packets")]
    private static partial Regex ReceivedCount();

    /// <summary>A guest's shell behind a program's standard streams.</summary>
    private sealed class Guest : IDisposable
    {
        private readonly Process _process;

        public Guest(string program, string[] arguments)
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                StandardOutputEncoding = Encoding.Latin1,
            };
            start.Environment.Remove("RISCVXV6_ARGS");
            _process = Process.Start(start)!;
            ReadToPrompt();
        }

        /// <summary>Types a line, and returns what is printed up to the next prompt.</summary>
        public string Command(string line)
        {
            _process.StandardInput.Write(line + "\n");
            _process.StandardInput.Flush();
            return ReadToPrompt();
        }

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }

        private string ReadToPrompt()
        {
            using var limit = new Timer(_ => _process.Kill(), null, Patience, Timeout.InfiniteTimeSpan);
            var text = new StringBuilder();
            for (int read; (read = _process.StandardOutput.Read()) >= 0;)
            {
                text.Append((char)read);
                if (read == ' ' && text.Length > 1 && text[^2] == '$')
                {
                    return text.ToString();
                }
            }

            throw new InvalidDataException($"the guest ended: {text}");
        }
    }
}
