using System.Buffers.Binary;

namespace RiscvXv6.Guest.Elf;

/// <summary>
/// Recognises files that are no kernel for this machine. A raw binary has no format, so all that has a known other one, and
/// would only crash when started, is turned away by name.
/// </summary>
public static class ForeignImage
{
    private const int TextSampleBytes = 512;

    /// <summary>What the file is, as one line to be put after its name; null if it may be a raw binary.</summary>
    public static string? Recognise(ReadOnlySpan<byte> image)
    {
        if (image.IsEmpty)
        {
            return "is empty";
        }

        if (image.StartsWith((ReadOnlySpan<byte>)[0x27, 0x05, 0x19, 0x56]))
        {
            return "is a legacy U-Boot image (uImage), which is not supported; give the ELF or the raw Image";
        }

        if (HasAt(image, 0x38, "ARM\x64"u8))
        {
            return "is a Linux Image for AArch64, not for RISC-V";
        }

        if (HasAt(image, 0x202, "HdrS"u8))
        {
            return "is a Linux kernel for x86, not for RISC-V";
        }

        if (image.StartsWith("MZ"u8))
        {
            return RecogniseExecutable(image);
        }

        if (IsDeviceTree(image))
        {
            return "is a device tree, not a program; give it with -dtb";
        }

        return IsText(image) ? "is a text file, not a program" : null;
    }

    private static string? RecogniseExecutable(ReadOnlySpan<byte> image)
    {
        if (HasAt(image, 4, "zimg"u8))
        {
            return "is an EFI zboot image, which only EFI firmware unpacks; give the Image inside it";
        }

        // A Linux Image for RISC-V built with EFI support starts with MZ, too.
        return LinuxImage.TryParse(image, out _) ? null : "is a Windows or EFI program, not a kernel for RISC-V";
    }

    private static bool HasAt(ReadOnlySpan<byte> image, int offset, ReadOnlySpan<byte> magic) =>
        image.Length >= offset && image[offset..].StartsWith(magic);

    private static bool IsDeviceTree(ReadOnlySpan<byte> image) =>
        image.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(image) == 0xd00dfeed;

    private static bool IsText(ReadOnlySpan<byte> image)
    {
        foreach (byte character in image[..Math.Min(image.Length, TextSampleBytes)])
        {
            if (character is not ((>= 0x20 and < 0x7f) or (byte)'\t' or (byte)'\n' or (byte)'\r'))
            {
                return false;
            }
        }

        return true;
    }
}
