using System.Text;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.RealGuests;

/// <summary>A root file system for Debian's kernel: busybox, what a test adds, and a program that starts a shell on the console.</summary>
internal sealed class LinuxRamDisk
{
    /// <summary>What the shell prints when it waits for a command.</summary>
    public const string Prompt = "guest> ";

    private readonly CpioArchive _archive = new();
    private readonly List<string> _modules = [];

    public LinuxRamDisk()
    {
        foreach (string folder in new[] { "bin", "dev", "lib", "proc", "sys" })
        {
            _archive.AddDirectory(folder);
        }

        _archive.AddCharacterDevice("dev/console", major: 5, minor: 1);
        _archive.AddProgram("bin/busybox", File.ReadAllBytes(RealGuestFiles.Linux("busybox")));
    }

    /// <summary>Has a module of the kernel's loaded before the shell starts, in the order of the calls.</summary>
    public LinuxRamDisk AddModule(string name)
    {
        _archive.AddProgram($"lib/{name}.ko", File.ReadAllBytes(RealGuestFiles.Linux($"{name}.ko")));
        _modules.Add(name);
        return this;
    }

    /// <summary>Adds Debian's ethtool, with the libraries that it loads.</summary>
    public LinuxRamDisk AddEthtool()
    {
        _archive.AddProgram("bin/ethtool", File.ReadAllBytes(RealGuestFiles.Linux("ethtool")));
        foreach (string library in new[] { "ld-linux-riscv64-lp64d.so.1", "libc.so.6", "libm.so.6", "libmnl.so.0" })
        {
            _archive.AddProgram($"lib/{library}", File.ReadAllBytes(RealGuestFiles.Linux(library)));
        }

        return this;
    }

    /// <summary>Adds a shell script of the test's own.</summary>
    public LinuxRamDisk AddScript(string path, string text)
    {
        _archive.AddProgram(path, Encoding.ASCII.GetBytes(text));
        return this;
    }

    /// <summary>Writes it to a new file in the folder.</summary>
    /// <returns>The file's path.</returns>
    public string Write(string folder)
    {
        string[] lines =
        [
            "#!/bin/busybox sh",
            "/bin/busybox --install -s /bin",
            "mount -t proc proc /proc",
            "mount -t sysfs sys /sys",
            "mount -t devtmpfs dev /dev",
            .. _modules.Select(static name => $"insmod /lib/{name}.ko"),
            $"export PS1='{Prompt}'",
            "exec setsid cttyhack sh",
            "",
        ];
        _archive.AddProgram("init", Encoding.ASCII.GetBytes(string.Join('\n', lines)));
        string path = Path.Combine(folder, "initrd");
        File.WriteAllBytes(path, _archive.ToArray());
        return path;
    }
}
