using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.RealGuests;

/// <summary>Debian's kernel with its e1000 module, busybox's network tools and ethtool, on our network card and our user network.</summary>
public sealed class LinuxNetworkTests
{
    private const string Prompt = LinuxRamDisk.Prompt;
    private const int LimitHostSeconds = 300;
    private const int UploadBytes = 3 << 20;
    private const int DownloadBytes = 2 << 20;
    private const int GuestPort = 5001;

    private const string LinkUp = "ifconfig eth0 up; until grep -q 1 /sys/class/net/eth0/carrier; do sleep 0.1; done\n";
    private const string Lease = "udhcpc -i eth0 -n -q -s /bin/lease\n";

    /// <summary>udhcpc calls it with what has happened, and what it was given in variables.</summary>
    private const string LeaseScript = """
        #!/bin/sh
        [ $1 = bound ] || exit 0
        ifconfig $interface $ip netmask $subnet
        echo leased: $ip/$subnet

        """;

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("riscvxv6-linux-").FullName;

    [TearDown]
    public void DropFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(1)]
    [TestCase(2)]
    public void Debians_driver_brings_the_link_up_gets_a_lease_pings_and_transfers_each_way(int harts)
    {
        byte[] upload = RandomBytes(UploadBytes);
        using var peer = new TransferPeer(upload);
        string console = RealGuestRun.Run(
            Options(harts, $",peers=on,hostfwd=tcp:127.0.0.1:{peer.Port}-:{GuestPort}"),
            [
                new(Prompt, LinkUp),
                new(Prompt, "ethtool eth0; ethtool -i eth0\n"),
                new(Prompt, Lease),
                new(Prompt, "ping -c 3 10.0.2.2\n"),
                new(Prompt, "ethtool -K eth0 rx on\n"),
                new(Prompt, $"head -c {DownloadBytes} /dev/urandom >/sent\n"),
                new(Prompt, $"nc -l -p {GuestPort} -e sh -c 'cat >/got; cat /sent'\n"),
                new(Prompt, "sha256sum /got /sent\n"),
                new(Prompt, "nc 10.0.2.2 7 </sent >/echoed; cmp /sent /echoed && echo same: $(stat -c %s /echoed)\n"),
                new(Prompt, "ethtool -S eth0\n"),
                new(Prompt, "grep eth0 /proc/interrupts\n"),
                new(Prompt, "poweroff -f\n"),
            ],
            LimitHostSeconds);

        byte[] download = peer.Download();
        console.Shows(
            @"eth0: \(PCI:33MHz:32-bit\) 52:54:00:12:34:56$",
            @"eth0 NIC Link is Up 1000 Mbps Full Duplex",
            @"^\tSpeed: 1000Mb/s$",
            @"^\tDuplex: Full$",
            @"^\tLink detected: yes$",
            @"^driver: e1000$",
            @"^leased: 10\.0\.2\.15/255\.255\.255\.0$",
            @"^3 packets transmitted, 3 packets received, 0% packet loss$",
            $"^{Hash(upload)}  /got$",
            $"^{Hash(download)}  /sent$",
            $"^same: {DownloadBytes}$",
            @"\beth0$");
        Assert.That(download, Has.Length.EqualTo(DownloadBytes));
        CheckStatistics(console);
    }

    [Test]
    public void Linuxs_own_test_of_the_card_passes_and_the_network_works_afterwards()
    {
        string console = RealGuestRun.Run(Options(1), SelfTestScript, LimitHostSeconds);

        console.Shows(
            @"^The test result is PASS$",
            @"^Register test +\(offline\)\t 0$",
            @"^Eeprom test +\(offline\)\t 0$",
            @"^Interrupt test \(offline\)\t 0$",
            @"^Loopback test +\(offline\)\t 0$",
            @"^Link test +\(on/offline\)\t 0$",
            @"PASS(.|\n)*^leased: 10\.0\.2\.15(.|\n)*^2 packets transmitted, 2 packets received");
        Assert.That(console, Does.Not.Contain("test reg").And.Not.Contains("FAIL"));
    }

    /// <summary>What says whether Linux's test notices anything: QEMU's card keeps neither FCAL (0028h) nor what its MAC loops back.</summary>
    [Test]
    [Category("Qemu")]
    public void Linuxs_own_test_of_the_card_finds_what_QEMUs_lacks() => RealGuestRun
        .RunOnQemu(Options(1), SelfTestScript, LimitHostSeconds)
        .Shows(
            @"eth0: pattern test reg 0028 failed: got 0x00000000 expected 0x5A5A5A5A$",
            @"^The test result is FAIL$",
            @"^Register test +\(offline\)\t 40$",
            @"^Eeprom test +\(offline\)\t 0$",
            @"^Interrupt test \(offline\)\t 0$",
            @"^Loopback test +\(offline\)\t 13$",
            @"^Link test +\(on/offline\)\t 0$");

    private static readonly Typing[] SelfTestScript =
    [
        new(Prompt, LinkUp),
        new(Prompt, "ethtool -t eth0 offline\n"),
        new(Prompt, LinkUp),
        new(Prompt, Lease),
        new(Prompt, "ping -c 2 10.0.2.2\n"),
        new(Prompt, "poweroff -f\n"),
    ];

    private string[] Options(int harts, string forward = "")
    {
        string ramDisk = new LinuxRamDisk().AddModule("e1000").AddEthtool().AddScript("bin/lease", LeaseScript).Write(_folder);
        _ = RealGuestFiles.OpenSbiDynamic;
        return
        [
            "-bios", "default", "-kernel", RealGuestFiles.Linux("Image"), "-initrd", ramDisk, "-append", "console=ttyS0",
            "-m", "512M", "-smp", $"{harts}",
            "-netdev", $"user,id=net0,restrict=on{forward}", "-device", "e1000,netdev=net0",
        ];
    }

    /// <summary>What the driver read from the card's counters and descriptors.</summary>
    private static void CheckStatistics(string console)
    {
        var counters = Regex.Matches(console, @"(?m)^     (\w+): (\d+)\r?$")
            .ToDictionary(static line => line.Groups[1].Value, static line => long.Parse(line.Groups[2].Value, null));
        using (Assert.EnterMultipleScope())
        {
            foreach (string error in counters.Keys.Where(static name => Regex.IsMatch(name, "error|failed|timeout|dropped")))
            {
                Assert.That(counters[error], Is.Zero, error);
            }

            // Both lengths include the frames' headers.
            Assert.That(counters["rx_bytes"], Is.GreaterThan(UploadBytes));
            Assert.That(counters["tx_bytes"], Is.GreaterThan(DownloadBytes));
            Assert.That(counters["tx_tcp_seg_good"], Is.Positive, "segments that the card cut");
            Assert.That(counters["rx_csum_offload_good"], Is.Positive, "checksums that the card checked");
        }
    }

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
