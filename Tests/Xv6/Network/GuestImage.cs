using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Xv6.Network;

/// <summary>Where our guest lies.</summary>
internal static class GuestImage
{
    public static string Kernel => ImageFile("kernel.elf");

    public static string Disk => ImageFile("fs.img");

    private static string ImageFile(string name) =>
        Requirement.File([RepositoryFiles.PathOf("xv6-guest-image", "image", name)], "make guest");
}
