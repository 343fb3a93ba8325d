using NUnit.Framework;
using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Tests.Guest.Elf;

public sealed class ElfErrorTests
{
    private const int Program = ElfImage.ProgramHeaders;

    public static IEnumerable<TestCaseData> SpoiltFiles()
    {
        yield return Case("no ELF", bytes => bytes[0] = 0, ElfErrorKind.NotElf, "is not an ELF file");
        yield return Case("32-bit", bytes => bytes[4] = 1, ElfErrorKind.WrongArchitecture, "32-bit");
        yield return Case("big-endian", bytes => bytes[5] = 2, ElfErrorKind.WrongArchitecture, "big-endian");
        yield return Case("x86-64", bytes => bytes[18] = 62, ElfErrorKind.WrongArchitecture, "is for x86-64, not for RISC-V");
        yield return Case("AArch64", bytes => bytes[18] = 183, ElfErrorKind.WrongArchitecture, "is for AArch64");
        yield return Case("unknown machine", bytes => bytes[18] = 1, ElfErrorKind.WrongArchitecture, "machine number 1");
        yield return Case("version", bytes => bytes[6] = 9, ElfErrorKind.Malformed, "version");
        yield return Case("object file", bytes => bytes[16] = 1, ElfErrorKind.NotExecutable, "is an object file (.o)");
        yield return Case("core dump", bytes => bytes[16] = 4, ElfErrorKind.NotExecutable, "core dump");
        yield return Case("odd type", bytes => bytes[16] = 9, ElfErrorKind.NotExecutable, "unknown type");
        yield return Case("no program headers", bytes => bytes[56] = 0, ElfErrorKind.NothingToLoad, "nothing to load");
        yield return Case("short program headers", bytes => bytes[54] = 32, ElfErrorKind.Malformed, "32 bytes");
        yield return Case("no PT_LOAD", bytes => bytes[Program] = 6, ElfErrorKind.NothingToLoad, "no segment to load");
        yield return Case(
            "more program headers than file",
            bytes => ElfImage.Put16(bytes, 56, 0xfffe),
            ElfErrorKind.Truncated,
            "program header table outside the file");
        yield return Case(
            "program headers at the end of the address space",
            bytes => ElfImage.Put64(bytes, 32, ulong.MaxValue - 8),
            ElfErrorKind.Truncated,
            "program header table outside the file");
        yield return Case(
            "section table outside",
            bytes => Patch(bytes, (40, 0xf000), (58, 64), (60, 3)),
            ElfErrorKind.Truncated,
            "section table outside the file");
        yield return Case(
            "segment outside the file",
            bytes => ElfImage.Put64(bytes, Program + 8, 1 << 20),
            ElfErrorKind.Truncated,
            "is cut off: segment 0");
        yield return Case(
            "file size above memory size",
            bytes => ElfImage.Put64(bytes, Program + 40, 4),
            ElfErrorKind.Malformed,
            "more file (0x8 bytes) than memory (0x4 bytes)");
        yield return Case(
            "a segment that wraps",
            bytes => ElfImage.Put64(bytes, Program + 24, ulong.MaxValue - 4),
            ElfErrorKind.Malformed,
            "wraps past the end of the address space");
        yield return Case(
            "a segment as large as the address space",
            bytes => ElfImage.Put64(bytes, Program + 40, ulong.MaxValue),
            ElfErrorKind.Malformed,
            "wraps past the end of the address space");
    }

    [TestCaseSource(nameof(SpoiltFiles))]
    public void A_spoilt_file_is_refused_in_one_clear_line(byte[] image, ElfErrorKind kind, string text)
    {
        Assert.That(ElfFile.TryParse(image, out var file, out var error), Is.False);
        Assert.That(file, Is.Null);
        Assert.That(error!.Kind, Is.EqualTo(kind));
        Assert.That(error.Message, Does.Contain(text).And.Not.Contain('\n'));
    }

    [Test]
    public void Segments_that_overlap_in_physical_memory_are_refused()
    {
        byte[] image = new ElfImage().Segment(0x8000_0000, [1], 0x1001).Segment(0x8000_1000, [2]).Build();

        Assert.That(ElfFile.TryParse(image, out _, out var error), Is.False);
        Assert.That(error!.Message, Does.Contain("overlap in physical memory at 0x80001000"));
    }

    [Test]
    public void Segments_that_touch_are_accepted()
    {
        byte[] image = new ElfImage().Segment(0x8000_0000, [1], 0x1000).Segment(0x8000_1000, [2]).Build();

        Assert.That(ElfFile.TryParse(image, out _, out _), Is.True);
    }

    [Test]
    public void A_file_cut_off_anywhere_is_refused_without_an_exception()
    {
        byte[] image = ElfImage.Small().Symbol("main", 0x8000_0000).Build();
        for (int length = 0; length < image.Length; length++)
        {
            Assert.That(ElfFile.TryParse(image.AsMemory(0, length), out _, out var error), Is.False, $"{length} bytes");
            Assert.That(error!.Kind, Is.EqualTo(length < 4 ? ElfErrorKind.NotElf : ElfErrorKind.Truncated), $"{length} bytes");
        }
    }

    private static TestCaseData Case(string name, Action<byte[]> spoil, ElfErrorKind kind, string text)
    {
        byte[] image = ElfImage.Small().Build();
        spoil(image);
        return new TestCaseData(image, kind, text).SetArgDisplayNames(name);
    }

    private static void Patch(byte[] bytes, params (int Offset, ushort Value)[] fields)
    {
        foreach (var (offset, value) in fields)
        {
            ElfImage.Put16(bytes, offset, value);
        }
    }
}
