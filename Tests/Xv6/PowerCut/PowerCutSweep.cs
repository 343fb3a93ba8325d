using System.Globalization;
using System.Text.RegularExpressions;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Xv6.PowerCut;

/// <summary>A disk as a power cut left it.</summary>
/// <param name="Write">How many writes reached it.</param>
/// <param name="Torn">Half of the next write reached it too: a sector of the block's two.</param>
/// <param name="Committed">The last operation that each worker, if it had begun, had reported as done.</param>
internal sealed record PowerCutDisk(int Write, bool Torn, IReadOnlyDictionary<int, int> Committed, byte[] Image)
{
    public override string ToString() => $"power cut after write {Write}{(Torn ? " and a half" : "")}";
}

/// <summary>
/// Runs a workload once, with every write of the disk remembered, and gives the disk as it was at chosen moments. The guest waits
/// for each write before it goes on, so a cut can only leave a prefix of them, and of the last block a sector.
/// </summary>
internal sealed partial class PowerCutSweep
{
    private readonly byte[] _before;
    private readonly IReadOnlyList<DiskWrite> _writes;
    private readonly string _console;

    private PowerCutSweep(byte[] before, IReadOnlyList<DiskWrite> writes, string console)
    {
        _before = before;
        _writes = writes;
        _console = console;
    }

    public int Writes => _writes.Count;

    /// <summary>The operations that the workload reported in all.</summary>
    public int Operations => CommittedIn(_console.Length).Values.Sum();

    public static PowerCutSweep Record(string kernel, byte[] disk, string workload, int harts)
    {
        byte[] before = [.. disk];
        RecordingBackend? recorder = null;
        MachinePlatform? machine = null;
        machine = new MachinePlatform(bytes => recorder = new RecordingBackend(bytes, () => machine!.Printed));
        var run = machine.Run(Xv6Guest.Session(harts, disk, workload) with
        {
            ElfPath = kernel,
            LimitGuestSeconds = 120,
            LimitHostSeconds = 240,
        });
        return run.ExitCode == 0
            ? new PowerCutSweep(before, recorder!.Writes, run.Output)
            : throw new InvalidOperationException($"the workload did not end:\n{run.Output}");
    }

    /// <summary>The disk at <paramref name="cuts"/> moments, spread over the workload; every third cut tears a block.</summary>
    public IEnumerable<PowerCutDisk> Disks(int cuts)
    {
        byte[] image = [.. _before];
        int done = 0;
        for (int cut = 0; cut < cuts; cut++)
        {
            int until = (int)((long)(_writes.Count - 1) * cut / Math.Max(1, cuts - 1));
            for (; done < until; done++)
            {
                Apply(image, _writes[done], _writes[done].Bytes.Length);
            }

            byte[] left = [.. image];
            bool torn = cut % 3 == 2 && _writes[done].Bytes.Length > IBlockBackend.SectorSizeBytes;
            if (torn)
            {
                Apply(left, _writes[done], IBlockBackend.SectorSizeBytes);
            }

            yield return new PowerCutDisk(done, torn, CommittedIn(_writes[done].PrintedBefore), left);
        }
    }

    [GeneratedRegex(@"^commit ((?<worker>\d+) )?(?<operation>\d+)$", RegexOptions.Multiline)]
    private static partial Regex Commit { get; }

    private static void Apply(byte[] image, DiskWrite write, int bytes) =>
        write.Bytes.AsSpan(0, bytes).CopyTo(image.AsSpan((int)write.Sector * IBlockBackend.SectorSizeBytes));

    private Dictionary<int, int> CommittedIn(int printed)
    {
        var last = new Dictionary<int, int>();
        foreach (Match match in Commit.Matches(_console[..printed]))
        {
            last[match.Groups["worker"] is { Success: true } worker ? Number(worker) : 0] = Number(match.Groups["operation"]);
        }

        return last;
    }

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);
}
