using System.Globalization;
using System.Text;

namespace RiscvXv6.Tests.Support;

/// <summary>
/// Writes a cpio archive in the "newc" format, which Linux unpacks as its first root file system. Linux documentation,
/// "initramfs buffer format": a header of 110 ASCII characters, the name with its zero byte, the contents; header with name
/// and contents are each filled up to a multiple of four bytes.
/// </summary>
internal sealed class CpioArchive
{
    private const int DirectoryMode = 0x41ed;       // drwxr-xr-x
    private const int ProgramMode = 0x81ed;         // -rwxr-xr-x
    private const int CharacterDeviceMode = 0x2180; // crw-------
    private const string Trailer = "TRAILER!!!";

    private readonly MemoryStream _bytes = new();
    private int _nextInode = 1;

    public void AddDirectory(string path) => Add(path, DirectoryMode, []);

    /// <summary>A file that all may read and execute.</summary>
    public void AddProgram(string path, ReadOnlySpan<byte> contents) => Add(path, ProgramMode, contents);

    public void AddCharacterDevice(string path, int major, int minor) => Add(path, CharacterDeviceMode, [], major, minor);

    /// <summary>The archive so far, closed.</summary>
    public byte[] ToArray()
    {
        var whole = new CpioArchive();
        whole._bytes.Write(_bytes.ToArray());
        whole._nextInode = 0;
        whole.Add(Trailer, 0, []);
        return whole._bytes.ToArray();
    }

    private void Add(string name, int mode, ReadOnlySpan<byte> contents, int deviceMajor = 0, int deviceMinor = 0)
    {
        byte[] nameBytes = Encoding.ASCII.GetBytes(name + '\0');
        int[] fields =
        [
            _nextInode++, mode, 0, 0, 1, 0, contents.Length, 0, 0, deviceMajor, deviceMinor, nameBytes.Length, 0,
        ];
        string header = "070701" + string.Concat(fields.Select(static f => f.ToString("x8", CultureInfo.InvariantCulture)));
        _bytes.Write(Encoding.ASCII.GetBytes(header));
        _bytes.Write(nameBytes);
        Fill();
        _bytes.Write(contents);
        Fill();
    }

    private void Fill()
    {
        while (_bytes.Length % 4 != 0)
        {
            _bytes.WriteByte(0);
        }
    }
}
