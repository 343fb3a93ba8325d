using System.Text;
using NUnit.Framework;

namespace RiscvXv6.Tests.Support;

/// <summary>Against GNU cpio's bytes for the same files (<c>cpio -o -H newc</c>), inode numbers and times aside.</summary>
public sealed class CpioArchiveTests
{
    [Test]
    public void A_file_and_a_device_are_laid_out_as_the_kernel_reads_them()
    {
        var archive = new CpioArchive();
        archive.AddProgram("init", "hello"u8);
        archive.AddCharacterDevice("dev/console", major: 5, minor: 1);

        const string expected =
            "070701" + "00000001" + "000081ed" + "00000000" + "00000000" + "00000001" + "00000000" + "00000005"
            + "00000000" + "00000000" + "00000000" + "00000000" + "00000005" + "00000000" + "init\0\0" + "hello\0\0\0"
            + "070701" + "00000002" + "00002180" + "00000000" + "00000000" + "00000001" + "00000000" + "00000000"
            + "00000000" + "00000000" + "00000005" + "00000001" + "0000000c" + "00000000" + "dev/console\0\0\0"
            + "070701" + "00000000" + "00000000" + "00000000" + "00000000" + "00000001" + "00000000" + "00000000"
            + "00000000" + "00000000" + "00000000" + "00000000" + "0000000b" + "00000000" + "TRAILER!!!\0\0\0\0";
        Assert.That(Encoding.ASCII.GetString(archive.ToArray()), Is.EqualTo(expected));
    }
}
