using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Guest.Symbols;

/// <summary>A program made on the spot from shapes.c, so that every version of DWARF can be read.</summary>
internal sealed class CompiledShapes : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("riscvxv6-shapes-");

    /// <param name="debugFlags">Which debug information to make.</param>
    public CompiledShapes(string debugFlags)
    {
        string source = RepositoryFiles.PathOf("Tests", "Guest", "Symbols", "shapes.c");
        const string flags = "-march=rv64imac -mabi=lp64 -mcmodel=medany -ffreestanding -nostdlib -O1 -ffunction-sections";
        Compile($"{flags} {debugFlags} -c -o {Path.Combine(_folder.FullName, "one.o")} {source}");
        Compile($"{flags} {debugFlags} -DOTHER -c -o {Path.Combine(_folder.FullName, "other.o")} {source}");
        Compile($"{flags} -Wl,--gc-sections,-Ttext=0x80000000 -o {ElfPath} {_folder.FullName}/one.o {_folder.FullName}/other.o");
    }

    public string ElfPath => Path.Combine(_folder.FullName, "shapes.elf");

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Compile(string arguments) =>
        GnuDebugTools.Run("riscv64-unknown-elf-gcc", "gcc-riscv64-unknown-elf", arguments);
}
