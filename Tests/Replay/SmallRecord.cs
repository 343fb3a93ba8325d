using System.Security.Cryptography;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Replay;

namespace RiscvXv6.Tests.Replay;

/// <summary>A record with everything in it that a record can have.</summary>
internal static class SmallRecord
{
    public static readonly byte[] Disk = [.. Enumerable.Range(0, 1024).Select(static at => (byte)(at / 7))];

    public static readonly RunEnding Ending = new(1_000, 900, MachineExitKind.GuestFailure, 7, null);

    public static readonly RunDescription Description = new()
    {
        Program = "a program, version \"1\"",
        Arguments = ["run", "kernel", "--disk", "ä b"],
        Environment = "--harts 2",
        Directory = "/home/somebody",
        IsTerminal = true,
        UtcNanoseconds = ulong.MaxValue,
        LocalNanoseconds = 5,
        Resolver = "192.0.2.1:53",
        Files = [new RecordedFile("-kernel", "kernel", 12, new string('a', 64))],
        Disks =
        [
            new RecordedDisk("disk0", "large", 1L << 40, new string('0', 64), IsKept: false),
            new RecordedDisk("disk1", "fs.img", Disk.Length, Convert.ToHexStringLower(SHA256.HashData(Disk)), IsKept: true),
        ],
    };

    /// <summary>Events ten cycles and seven instructions apart, and an ending.</summary>
    public static byte[] Bytes(IReadOnlyList<HostEvent> happened, int entriesPerBlock = int.MaxValue)
    {
        using var file = new MemoryStream();
        var writer = new RecordWriter(file);
        writer.Begin(Description, [Disk]);
        for (int index = 0; index < happened.Count; index++)
        {
            writer.Add(new HostEventRecord((ulong)(10 * index), (ulong)(7 * index), happened[index]));
            if ((index + 1) % entriesPerBlock == 0)
            {
                writer.Flush();
            }
        }

        writer.Add(Ending);
        writer.Flush();
        return file.ToArray();
    }
}
