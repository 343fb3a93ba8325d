using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>The files that packets are kept in.</summary>
internal sealed class PacketFiles(NetworkOptions options, ulong startNanoseconds, NetworkContext context)
{
    /// <summary>A capture of one netdev.</summary>
    public sealed record NetdevTap(string NetdevId, CaptureTap Tap);

    /// <exception cref="UsageException">A file can't be written; none is changed by this but those before it.</exception>
    public IReadOnlyList<NetdevTap> Open()
    {
        var taps = new List<NetdevTap>();
        foreach (var file in options.PacketFiles)
        {
            var stream = OpenFile(file.Option, file.Path);
            if (file.Format == PacketFileFormat.Pcap)
            {
                var writer = new PcapWriter(stream, context.Clock, context.Notice, file.MaxFrameBytes, startNanoseconds);
                context.WhenQuiet(writer.Flush);
                taps.Add(new NetdevTap(file.NetdevId!, new CaptureTap(writer, file.Directions)));
            }
            else
            {
                AddInterfaces(file, new PcapNgFile(stream, context.Clock, context.Notice, startNanoseconds), taps);
            }
        }

        return taps;
    }

    private void AddInterfaces(PacketFileOptions file, PcapNgFile packets, List<NetdevTap> taps)
    {
        context.WhenQuiet(packets.Flush);
        if (file.NetdevId is { } only && !options.Nics.Any(nic => nic.NetdevId == only))
        {
            // It is at a hub.
            taps.Add(new NetdevTap(only, new CaptureTap(packets.AddInterface(only, "netdev"))));
            return;
        }

        foreach (var nic in options.Nics)
        {
            if (nic.NetdevId is { } id && (file.NetdevId ?? id) == id)
            {
                taps.Add(new NetdevTap(id, new CaptureTap(packets.AddInterface(id, $"{nic.Id} {nic.Mac}"))));
            }
        }
    }

    /// <summary>Unbuffered: the writers buffer. Others may read it meanwhile, but not write.</summary>
    /// <exception cref="UsageException">It can't be written.</exception>
    public static FileStream OpenFile(string option, string path)
    {
        if (HostFile.IsPipeWithoutReader(path))
        {
            throw new UsageException($"{option}: {path}: nobody reads this pipe; start its reader first");
        }

        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UsageException(
                Directory.Exists(path)
                    ? $"{option}: {path}: is a directory; name a file"
                    : $"{option}: {path}: no permission to write it; check the mode and owner of the file and its folder",
                e);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new UsageException($"{option}: {path}: no such folder; make it first", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{option}: {path}: can't be written: {HostError.Reason(e)}", e);
        }
    }
}
