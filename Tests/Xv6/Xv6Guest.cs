using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Xv6;

/// <summary>The guest that is committed under <c>xv6-guest-image/image</c>, as a user boots it.</summary>
internal static class Xv6Guest
{
    /// <summary>The shell's prompt.</summary>
    public const string Prompt = "$ ";

    public static string Kernel => PathOf("kernel.elf");

    /// <summary>A fresh copy of the disk.</summary>
    public static byte[] Disk() => File.ReadAllBytes(PathOf("fs.img"));

    public static string PathOf(params string[] parts) =>
        RepositoryFiles.PathOf(["xv6-guest-image", "image", .. parts]);

    /// <summary>Boots, types each line when the shell asks for one, and turns the machine off.</summary>
    public static GuestRequest Session(int harts, byte[] disk, params string[] lines) => new(Kernel)
    {
        Harts = harts,
        LegacyVirtio = false,
        Disks = [disk],
        Script = [.. lines.Append("halt").Select(static line => new Typing(Prompt, line + "\n"))],
    };
}
