using NUnit.Framework;
using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Tests.Guest.Elf;

public sealed class ElfFileTests
{
    [Test]
    public void A_small_executable_is_read()
    {
        var file = Parse(ElfImage.Small().Build());

        Assert.That(file.Entry, Is.EqualTo(0x8000_0000));
        Assert.That(file.Segments, Has.Count.EqualTo(1));
        var segment = file.Segments[0];
        Assert.That(segment.PhysicalAddress, Is.EqualTo(0x8000_0000));
        Assert.That(segment.MemorySizeBytes, Is.EqualTo(16));
        Assert.That(segment.Data.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }));
        Assert.That(segment.Access, Is.EqualTo(ElfSegmentAccess.Read | ElfSegmentAccess.Execute));
        Assert.That(file.Symbols, Is.Empty);
        Assert.That(file.ToHost, Is.Null);
    }

    [Test]
    public void The_lowest_and_last_address_span_all_segments()
    {
        var file = Parse(new ElfImage()
            .Segment(0x8010_0000, [1], 0x1000)
            .Segment(0x8000_0000, [1])
            .Build());

        Assert.That(file.LowestAddress, Is.EqualTo(0x8000_0000));
        Assert.That(file.LastAddress, Is.EqualTo(0x8010_0fff));
    }

    [Test]
    public void A_segment_without_memory_is_not_loaded()
    {
        var file = Parse(new ElfImage().Segment(0, [], 0).Segment(0x8000_0000, [1]).Build());

        Assert.That(file.Segments, Has.Count.EqualTo(1));
    }

    [Test]
    public void Symbols_and_sections_are_found_by_name()
    {
        var file = Parse(ElfImage.Small()
            .Symbol("main", 0x8000_0004, 4)
            .Symbol("missing", 0x8000_0000, section: 0)
            .Symbol("counter", 0x8000_0008, 8, info: 0x01)
            .Build());

        Assert.That(file.Sections.Select(section => section.Name),
            Is.EqualTo(new[] { ".text", ".symtab", ".strtab", ".shstrtab" }));
        Assert.That(file.Sections[0].Data.Length, Is.EqualTo(8));
        Assert.That(file.TryFindSymbol("main"u8, out var main), Is.True);
        Assert.That(main.Value, Is.EqualTo(0x8000_0004));
        Assert.That(main.Type, Is.EqualTo(ElfSymbolType.Function));
        Assert.That(main.Binding, Is.EqualTo(ElfSymbolBinding.Global));
        Assert.That(file.TryFindSymbol("counter"u8, out var counter), Is.True);
        Assert.That(counter.Type, Is.EqualTo(ElfSymbolType.Object));
        Assert.That(counter.Binding, Is.EqualTo(ElfSymbolBinding.Local));
        Assert.That(file.TryFindSymbol("missing"u8, out _), Is.False, "an undefined symbol has no value");
    }

    [Test]
    public void The_HTIF_mailbox_is_a_physical_address()
    {
        var file = Parse(new ElfImage()
            .Segment(0xffff_ffff_8000_0000, new byte[16], 0x100, physical: 0x8000_0000)
            .Symbol("tohost", 0xffff_ffff_8000_0040)
            .Symbol("fromhost", 0xffff_ffff_8000_00f8)
            .Build());

        Assert.That(file.ToHost, Is.EqualTo(0x8000_0040));
        Assert.That(file.FromHost, Is.EqualTo(0x8000_00f8));
    }

    [TestCase(0xffUL + 0x8000_0000 - 6, Description = "the last of its eight bytes is outside")]
    [TestCase(0x1000UL)]
    [TestCase(0xffff_ffff_ffff_ffffUL)]
    public void A_mailbox_outside_every_segment_is_none(ulong address)
    {
        var file = Parse(new ElfImage().Segment(0x8000_0000, [1], 0x100).Symbol("tohost", address).Build());

        Assert.That(file.ToHost, Is.Null);
    }

    [TestCase("built/htif-tohost.elf", 0x8000_0000UL, 2)]
    [TestCase("built/boot-state.elf", 0x8000_03c0UL, 2)]
    public void A_file_of_the_real_toolchain_is_read(string name, ulong entry, int segmentCount)
    {
        var file = Parse(File.ReadAllBytes(GuestPath(name)));

        Assert.That(file.Entry, Is.EqualTo(entry));
        Assert.That(file.Segments, Has.Count.EqualTo(segmentCount));
        Assert.That(file.Sections.Select(section => section.Name), Does.Contain(".text"));
    }

    [Test]
    public void The_mailbox_of_a_real_file_lies_where_nm_says()
    {
        var file = Parse(File.ReadAllBytes(GuestPath("built/htif-tohost.elf")));

        Assert.That(file.ToHost, Is.EqualTo(0x8000_2040));
        Assert.That(file.FromHost, Is.EqualTo(0x8000_2000));
    }

    private static ElfFile Parse(byte[] image)
    {
        Assert.That(ElfFile.TryParse(image, out var file, out var error), Is.True, error?.Message);
        return file!;
    }

    private static string GuestPath(string name)
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RiscvXv6.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "Tests", "Guests", name);
    }
}
