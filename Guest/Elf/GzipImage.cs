using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace RiscvXv6.Guest.Elf;

/// <summary>A kernel that was compressed with gzip (<c>Image.gz</c>, <c>vmlinuz</c>).</summary>
public static class GzipImage
{
    private const int ChunkBytes = 64 * 1024;

    // RFC 1952 "Member header and trailer": ID1, ID2, and CM = deflate.
    private static ReadOnlySpan<byte> Magic => [0x1f, 0x8b, 8];

    public static bool HasMagic(ReadOnlySpan<byte> image) => image.StartsWith(Magic);

    /// <summary>Unpacks the image.</summary>
    /// <param name="image">What <see cref="HasMagic"/> accepts.</param>
    /// <param name="limitBytes">A small file can unpack to a huge one: more than this is refused.</param>
    /// <param name="unpacked">The contents.</param>
    /// <param name="error">One line for a person, to be put after the file's name.</param>
    public static bool TryUnpack(
        ReadOnlyMemory<byte> image,
        int limitBytes,
        [NotNullWhen(true)] out byte[]? unpacked,
        [NotNullWhen(false)] out string? error)
    {
        unpacked = null;
        error = null;
        try
        {
            using var source = AsStream(image);
            using var inflater = new GZipStream(source, CompressionMode.Decompress);
            using var target = new MemoryStream();
            var chunk = new byte[ChunkBytes];
            for (int count; (count = inflater.Read(chunk)) != 0;)
            {
                if (count > limitBytes - target.Length)
                {
                    error = $"unpacks to more than {limitBytes >> 20} MiB, the machine's memory: give it more with -m";
                    return false;
                }

                target.Write(chunk, 0, count);
            }

            unpacked = target.ToArray();
            return true;
        }
        catch (InvalidDataException)
        {
            error = "is a damaged gzip file; unpack it with gunzip to see more";
            return false;
        }
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> image) =>
        MemoryMarshal.TryGetArray(image, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(image.ToArray(), writable: false);
}
