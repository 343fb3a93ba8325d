using System.Buffers.Binary;

namespace RiscvXv6.Guest.Elf;

/// <summary>
/// The header of a raw Linux kernel for RISC-V, the file that distributions call <c>vmlinux</c> or <c>Image</c>
/// (Linux "Boot image header in RISC-V Linux").
/// </summary>
/// <param name="TextOffset">Where the image wants to lie, in bytes from the start of RAM (of which 2 MiB are firmware's).</param>
/// <param name="ImageSizeBytes">Memory that it occupies with its zero-initialised data; 0 if an old kernel doesn't tell.</param>
/// <param name="Flags">Bit 0: big-endian.</param>
public readonly record struct LinuxImage(ulong TextOffset, ulong ImageSizeBytes, ulong Flags)
{
    private const int HeaderBytes = 64;
    private const int TextOffsetAt = 0x08;
    private const int ImageSizeAt = 0x10;
    private const int FlagsAt = 0x18;
    private const int MagicAt = 0x38;

    public bool IsBigEndian => (Flags & 1) != 0;

    private static ReadOnlySpan<byte> Magic => "RSC\x05"u8;

    /// <returns>False if the bytes are something else.</returns>
    public static bool TryParse(ReadOnlySpan<byte> image, out LinuxImage header)
    {
        header = default;
        if (image.Length < HeaderBytes || !image[MagicAt..].StartsWith(Magic))
        {
            return false;
        }

        header = new LinuxImage(
            BinaryPrimitives.ReadUInt64LittleEndian(image[TextOffsetAt..]),
            BinaryPrimitives.ReadUInt64LittleEndian(image[ImageSizeAt..]),
            BinaryPrimitives.ReadUInt64LittleEndian(image[FlagsAt..]));
        return true;
    }
}
