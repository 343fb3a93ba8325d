namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>A file that TFTP is sending.</summary>
public interface ITftpFile : IDisposable
{
    long SizeBytes { get; }

    /// <summary>
    /// Reads bytes, fewer than asked only at the file's end. Returns their number, or -1 if it fails; never throws.
    /// </summary>
    int Read(long offsetBytes, Span<byte> destination);
}
