using System.Diagnostics;
using System.Net.Sockets;
using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Backends;
using RiscvXv6.Tests.Cli;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Xv6.Network;

/// <summary>
/// Networks that are the kernel's own or another program's, in a network namespace of Linux: it has nothing but what is made in it, so that
/// whatever goes wrong, no packet leaves the machine.
/// </summary>
[TestFixture, Platform("Linux")]
public sealed class IsolatedNetworkTests
{
    /// <summary>An interface with an address and a default route that lead nowhere.</summary>
    private const string Interface =
        "ip link set lo up && ip tuntap add dev rv0 mode tap && ip addr add 192.0.2.2/24 dev rv0 && ip link set rv0 up";

    [Test]
    public void The_guest_pings_the_hosts_kernel_through_a_TAP_device()
    {
        using var guest = new LiveProcess(
            Unshare(),
            [.. InNamespace($"{Interface} && exec \"$@\""), "dotnet", BuiltProgram.Assembly],
            ["-netdev", "tap,id=n,ifname=rv0,script=no,downscript=no", "-device", "e1000,netdev=n"]);
        guest.Command("ifconfig 192.0.2.7/24");
        guest.WaitFor("(static)");
        guest.Command("ping -c 3 -i 1 192.0.2.2");
        guest.WaitFor("192.0.2.2: 3 sent, 3 answered");
    }

    /// <summary>
    /// passt makes what the guest sends to its gateway come from, and go to, the loop-back address, where an echo service of ours listens, in
    /// the same namespace. Its DHCP offers go to the address that they offer, which our guest does not take before it has it.
    /// </summary>
    [Test]
    public void Datagrams_go_to_the_host_and_back_through_passt()
    {
        string passt = Requirement.Tool("passt", package: "passt");
        string path = Path.Combine(Path.GetTempPath(), $"riscvxv6-{Environment.ProcessId}-passt.sock");
        using var process = Process.Start(new ProcessStartInfo(Unshare(), InNamespace(
            $"{Interface} && ip route add default via 192.0.2.1 || exit 1; dotnet {BuiltProgram.Assembly} net serve echo &"
            + $" exec {passt} --foreground --ipv4-only --dns none --socket {path}"))
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            var options = new StreamOptions { EndPoint = new UnixDomainSocketEndPoint(path), ReconnectSeconds = 1 };
            using var guest = new LiveMachine(context => new PeerBackend(
                "net0", new StreamTransport(options), context.Channels, new LinkStatistics("net0"), context.Notice));
            guest.WaitForPeer();
            guest.Command("ifconfig 192.0.2.2/24 gateway 192.0.2.1");
            guest.WaitFor("(static)");
            guest.Command("nettest ping1 ping2 burst");
            guest.WaitFor("all 3 tests ok");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            File.Delete(path);
        }
    }

    private static string[] InNamespace(string script) => ["--map-root-user", "--net", "sh", "-c", script, "sh"];

    /// <summary>unshare, if it may make namespaces here.</summary>
    private static string Unshare()
    {
        string unshare = Requirement.Tool("unshare", package: "util-linux");
        Requirement.Tool("ip", package: "iproute2");
        Requirement.Success(
            unshare, [.. InNamespace("ip tuntap add dev rv0 mode tap")], "sysctl kernel.unprivileged_userns_clone=1; modprobe tun");
        return unshare;
    }
}
