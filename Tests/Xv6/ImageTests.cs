using System.Security.Cryptography;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Xv6;

/// <summary>The committed image is what its MANIFEST says and what its sources give.</summary>
public sealed class ImageTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("riscvxv6-").FullName;

    [TearDown]
    public void DropFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Every_file_of_the_image_is_in_the_MANIFEST_with_its_hash()
    {
        string[] lines = File.ReadAllLines(Xv6Guest.PathOf("MANIFEST"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines[0], Does.Match(@"^compiler .*gcc.* \d+\.\d+"));
            Assert.That(lines[1], Does.Match(@"^linker .*ld.* \d+\.\d+"));
            Assert.That(lines[2..], Is.EquivalentTo(Hashes(Xv6Guest.PathOf())));
        }
    }

    /// <summary>
    /// With the compiler that made the committed image, the same bytes. With another there is nothing to compare with, so the differences
    /// are listed and the rebuilt guest is held to the shell session instead.
    /// </summary>
    [Test]
    public void The_sources_give_the_committed_image()
    {
        string[] committed = File.ReadAllLines(Xv6Guest.PathOf("MANIFEST"));
        Toolchain.Make(_folder, "install");
        string[] built = [.. Hashes(Path.Combine(_folder, "image"))];
        string[] differences = [.. built.Except(committed).Select(static line => line.Split("  ")[1])];
        if (Toolchain.Versions().SequenceEqual(committed[..2]))
        {
            Assert.That(differences, Is.Empty, "these differ from the committed image: run make guest and commit what it made");
            return;
        }

        TestContext.Progress.WriteLine($"another compiler than the committed image's: {differences.Length} files differ: "
            + string.Join(", ", differences));
        byte[] disk = File.ReadAllBytes(Path.Combine(_folder, "image", "fs.img"));
        var run = new MachinePlatform().Run(Xv6Guest.Session(3, disk, "ls", "usertests -q") with
        {
            ElfPath = Path.Combine(_folder, "image", "kernel.elf"),
            LimitGuestSeconds = 600,
            LimitHostSeconds = 600,
        });
        Assert.That(run.Output, Does.Contain("ALL TESTS PASSED"));
    }

    [Test]
    public void The_kernel_and_the_programs_keep_their_symbols_and_line_tables()
    {
        string[] programs = Directory.GetFiles(Xv6Guest.PathOf("user"), "*.elf");
        Assert.That(programs, Has.Length.GreaterThan(30));
        using (Assert.EnterMultipleScope())
        {
            foreach (string file in programs.Append(Xv6Guest.Kernel))
            {
                byte[] bytes = File.ReadAllBytes(file);
                Assert.That(bytes.AsSpan().IndexOf(".symtab\0"u8), Is.Positive, file);
                Assert.That(bytes.AsSpan().IndexOf(".debug_line\0"u8), Is.Positive, file);
            }
        }
    }

    private static IEnumerable<string> Hashes(string folder) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path).Replace('\\', '/')))
        .Where(static file => file.Name != "MANIFEST")
        .Select(static file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.Path)))}  {file.Name}");
}
