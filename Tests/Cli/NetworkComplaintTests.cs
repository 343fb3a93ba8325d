using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using RiscvXv6.Tests.Xv6;
using static RiscvXv6.Tests.Cli.CommandLineDriver;

namespace RiscvXv6.Tests.Cli;

/// <summary>Networks that can't be get one line that names the option, and exit code 2, before the guest starts.</summary>
internal sealed class NetworkComplaintTests
{
    private const string Line = "-bios none -kernel k ";

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("riscvxv6-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("-netdev usr,id=n", "-netdev: no network 'usr'; did you mean user?")]
    [TestCase("-netdev l2tpv3,id=n", "there are user, socket, stream, dgram, tap, hubport")]
    [TestCase("-netdev user", "-netdev: id= is missing; write -netdev user,id=net0")]
    [TestCase("-netdev user,id=n -netdev user,id=n", "there is a network 'n' already")]
    [TestCase("-netdev user,id=n,restrct=on", "did you mean restrict=?")]
    [TestCase("-netdev user,id=n,restrict=maybe", "-netdev: restrict: 'maybe' is neither on nor off")]
    [TestCase("-netdev user,id=n,net=10.0.2", "-netdev: net: '10.0.2' is not a network")]
    [TestCase("-netdev user,id=n,net=10.0.2.0/33", "is not a network")]
    [TestCase("-netdev user,id=n,net=10.0.2.0/255.0.255.0", "is not a network")]
    [TestCase("-netdev user,id=n,net=10.0.2.0/30", "is not between 4 and 29")]
    [TestCase("-netdev user,id=n,host=10.0.2.256", "-netdev: host: '10.0.2.256' is not an IPv4 address")]
    [TestCase("-netdev user,id=n,host=10.0.3.1", "10.0.3.1")]
    [TestCase("-netdev user,id=n,host=10.0.2.3", "10.0.2.3")]
    [TestCase("-netdev user,id=n,dns-host=www", "-netdev: dns-host: 'www' is not a name and its address")]
    [TestCase("-netdev user,id=n,dns-host=www=x", "'x' is not an IPv4 address")]
    [TestCase("-netdev user,id=n,dns-host==1.2.3.4", "is not a name and its address")]
    [TestCase("-netdev user,id=n,dns-host=a..b=1.2.3.4", "not a name that DNS can hold")]
    [TestCase("-netdev user,id=n,smb=/", "smb= is not supported; use tftp=")]
    [TestCase("-netdev user,id=n,ipv4=off", "ipv4=off is not supported")]
    [TestCase("-netdev user,id=n,tftp=", "tftp= is empty")]
    [TestCase("-netdev user,id=n,peers=ecko", "-netdev: peers: no service 'ecko'; did you mean echo?")]
    [TestCase("-netdev user,id=n,peers=answer", "write answer:PORT:TEXT")]
    [TestCase("-netdev user,id=n,peers=answer:7:", "write answer:PORT:TEXT")]
    [TestCase("-netdev user,id=n,peers=answer:x:y", "'x' is not a number from 1 to 65535")]
    [TestCase("-netdev user,id=n,peers=echo:0", "'0' is not a number from 1 to 65535")]
    [TestCase("-dns-host a=1.2.3.4", "--dns-host: there is no user network that could answer")]
    [TestCase("-dns-host a..b=1.2.3.4 -nic user", "--dns-host: a..b is not a name")]
    [TestCase("-netdev user,id=n,hostfwd=tcp:5555", "-netdev: hostfwd: 'tcp:5555' is not a forward; write tcp:ADDRESS:PORT-ADDRESS:PORT")]
    [TestCase("-netdev user,id=n,hostfwd=tcp::5555", "is not a forward")]
    [TestCase("-netdev user,id=n,hostfwd=sctp::1-:2", "is not a forward")]
    [TestCase("-netdev user,id=n,hostfwd=tcp:1.2.3:1-:2", "is not a forward")]
    [TestCase("-netdev user,id=n,hostfwd=tcp::x-:2", "-netdev: hostfwd=tcp::x-:2: 'x' is not a number from 1 to 65535")]
    [TestCase("-netdev user,id=n,hostfwd=tcp::0-:2", "'0' is not a number from 1 to 65535")]
    [TestCase("-netdev user,id=n,hostfwd=tcp::1-:65536", "'65536' is not a number from 1 to 65535")]
    [TestCase("-netdev user,id=n,hostfwd=tcp::1-10.0.3.1:2", "10.0.3.1")]
    [TestCase("-netdev user,id=n,guestfwd=tcp:10.0.2.100:80", "-netdev: guestfwd: ")]
    [TestCase("-netdev user,id=n,guestfwd=tcp:10.0.2.100:80-cmd:netcat", "'cmd:' is not supported")]
    [TestCase("-netdev socket,id=n", "-netdev: socket: give one of listen=, connect=, mcast= and udp=, not none")]
    [TestCase("-netdev socket,id=n,listen=:1,connect=:2", "not more")]
    [TestCase("-netdev socket,id=n,listen=8900", "-netdev: socket: listen: '8900' has no port")]
    [TestCase("-netdev socket,id=n,connect=somewhere:8900", "'somewhere' is not an address; write a number such as 127.0.0.1")]
    [TestCase("-netdev socket,id=n,connect=127.1:8900", "'127.1' is not an address")]
    [TestCase("-netdev socket,id=n,udp=:1", "udp= needs localaddr=")]
    [TestCase("-netdev socket,id=n,listen=:1,localaddr=:2", "localaddr: is for mcast= and udp=")]
    [TestCase("-netdev socket,id=n,mcast=127.0.0.1:1", "127.0.0.1 is no multicast group")]
    [TestCase("-netdev stream,id=n", "-netdev: stream: no address; write addr.type=inet")]
    [TestCase("-netdev stream,id=n,addr.type=fd,addr.str=3", "no property 'addr.str'")]
    [TestCase("-netdev stream,id=n,addr.type=vsock,addr.port=3", "addr.type=vsock is not supported; there are inet and unix")]
    [TestCase("-netdev stream,id=n,addr.type=inet,addr.host=127.0.0.1", "addr.port= is missing")]
    [TestCase("-netdev stream,id=n,addr.type=unix", "can't be a socket's name")]
    [TestCase("-netdev stream,id=n,server=on,addr.type=inet,addr.port=1,reconnect=1", "reconnect= is for a client")]
    [TestCase("-netdev dgram,id=n,local.type=inet,local.port=1", "no remote address")]
    [TestCase("-netdev dgram,id=n,remote.type=inet,remote.port=1", "no local address")]
    [TestCase("-netdev dgram,id=n,remote.type=inet,remote.port=1,local.type=unix,local.path=x", "are of two kinds")]
    [TestCase("-netdev tap,id=n", "-netdev: ifname= is missing")]
    [TestCase("-netdev tap,id=n,ifname=a-name-that-is-too-long", "can't be an interface's name")]
    [TestCase("-netdev tap,id=n,ifname=tap0,script=/etc/qemu-ifup", "script=: no script is ever run")]
    [TestCase("-netdev hubport,id=n", "hubid= is missing")]
    [TestCase("-netdev user,id=n", "-netdev: no card is on network 'n'; add -device e1000,netdev=n")]
    [TestCase("-net user", "-net: no card is on network 'net0'; add -net nic,model=e1000")]
    [TestCase("-netdev user,id=n -device e1000,netdev=n -device e1000,netdev=n", "-device: netdev 'n' is in use already")]
    [TestCase("-netdev user,id=u -netdev hubport,id=p,hubid=0,netdev=u -device e1000,netdev=u", "netdev 'u' is in use already")]
    [TestCase("-netdev user,id=u -netdev hubport,id=p,hubid=0,netdev=u -device e1000,netdev=p", "hub port 'p' has 'u' already")]
    [TestCase("-netdev hubport,id=p,hubid=0 -netdev hubport,id=q,hubid=1,netdev=p", "'p' is a hub port itself")]
    [TestCase("-netdev user,id=net0 -device e1000,netdev=net1", "-device: no netdev 'net1'; did you mean net0?; define it with")]
    [TestCase("-device e1000,netdv=n", "did you mean netdev=?")]
    [TestCase("-nic user,mac=52:54:00", "-nic: mac: '52:54:00' is not an Ethernet address")]
    [TestCase("-nic user,mac=01:00:5e:00:00:01", "is not the address of one card")]
    [TestCase("-nic user,mac=0:0:0:0:0:0", "is not the address of one card")]
    [TestCase("-nic user,model=rtl8139", "-nic: no network card 'rtl8139'; there is e1000")]
    [TestCase("-net nic,model=e100", "did you mean e1000?")]
    [TestCase("-netdev user,id=n -device e1000,netdev=n,bus=pci.1", "no bus 'pci.1' for a network card; there is pcie.0")]
    [TestCase("-netdev user,id=n -device e1000,netdev=n,addr=20", "-device: addr: '20' is no place on the bus")]
    [TestCase("-netdev user,id=n -device e1000,netdev=n,addr=0", "is no place on the bus")]
    [TestCase("-netdev user,id=n -device e1000,netdev=n,addr=3.1", "is no place on the bus")]
    [TestCase("-nic user,addr=3 -nic user,addr=3", "addr=3 is taken")]
    [TestCase("-netdev user,id=n -device e1000,netdev=n,fidelity=strict", "choose lenient, lab or hardware")]
    [TestCase("-nic-fidelity hardwear", "did you mean hardware?")]
    [TestCase("-nic user,pci-bus=isa", "choose pcie, pci33 or pci66")]
    [TestCase("-nic user,id=a -netdev user,id=b -device e1000,netdev=b,id=e1000.0", "there is a card 'e1000.0' already")]
    [TestCase("-object filter-mirror,id=f", "-object: 'filter-mirror' is not supported; there is filter-dump")]
    [TestCase("-object filter-dump,netdev=n,file=f", "-object: id= is missing")]
    [TestCase("-object filter-dump,id=f,netdev=n", "-object: file= is missing")]
    [TestCase("-object filter-dump,id=f,netdev=n,file=p", "-object: no netdev 'n'")]
    [TestCase("-nic user,id=n -object filter-dump,id=f,netdev=n,file=p,maxlen=0", "-object: maxlen: '0' is not a number from 1")]
    [TestCase("-nic user,id=n -object filter-dump,id=f,netdev=n,file=p,queue=both", "choose all, rx or tx")]
    [TestCase("-nic user,id=n -object filter-dump,id=f,netdev=n,file=p -object filter-dump,id=f,netdev=n,file=q", "there is an object 'f' already")]
    [TestCase("-capture p", "--capture: there is no network card")]
    [TestCase("-nic user -capture p,netdev=x", "--capture: no netdev 'x'")]
    [TestCase("-nic user -capture ,", "--capture: file= is missing")]
    [TestCase("-nic user -net-report ''", "-net-report: the file name is empty")]
    [TestCase("-net-faults drop=1%", "--net-faults: netdev= is missing; there are 0 networks")]
    [TestCase("-nic user -nic user -net-faults drop=1%", "there are 2 networks")]
    [TestCase("-nic user -net-faults drop=1% -net-faults dup=1%", "has its faults already")]
    [TestCase("-nic user -net-faults dorp=1%", "did you mean drop=?")]
    [TestCase("-nic user -net-faults drop=101%", "--net-faults: drop: '101%' is not a chance")]
    [TestCase("-nic user -net-faults drop=-1%", "is not a chance")]
    [TestCase("-nic user -net-faults burst=3", "give drop= too")]
    [TestCase("-nic user -net-faults drop=1%,burst=0", "is not a number from 1 to 1000")]
    [TestCase("-nic user -net-faults delay=5", "--net-faults: delay: '5' is not a time; write 20ms")]
    [TestCase("-nic user -net-faults delay=2000000s", "is not a time")]
    [TestCase("-nic user -net-faults rate=fast", "--net-faults: rate: 'fast' is not a rate")]
    [TestCase("-nic user -net-faults rate=0", "is not a rate")]
    [TestCase("-nic user -net-faults flap=0s", "no time at all")]
    [TestCase("-nic user -net-faults direction=up", "choose tx, rx or both")]
    [TestCase("-nic user -net-faults seed=x", "is not a seed")]
    public void A_network_that_can_not_be_is_refused_with_advice(string options, string part) =>
        Assert.That(Complaint(Line + options), Does.Contain(part).And.Not.Contain("\n"));

    [TestCase("--net usr", "--net: no network 'usr'; did you mean user?")]
    [TestCase("--net user,restrct=on", "did you mean restrict=?")]
    [TestCase("--nic rtl8139", "--nic: no network card 'rtl8139'")]
    [TestCase("--net user --nic e1000,netdev=n", "--nic: no netdev 'n'")]
    [TestCase("--net", "--net: needs a value")]
    public void Our_own_door_names_its_own_options(string options, string part) =>
        Assert.That(Complaint("run k " + options), Does.Contain(part).And.Not.Contain("\n"));

    [Test]
    public void More_cards_than_the_bus_has_places_are_refused() =>
        Assert.That(
            Complaint(Line + string.Concat(Enumerable.Repeat("-nic user ", 32))),
            Does.Contain("all places on the PCI bus are taken"));

    [TestCase("tcp", "user,id=n,hostfwd=tcp:127.0.0.1:PORT-:80", "-netdev user,id=n: port PORT of 127.0.0.1 is in use")]
    [TestCase("udp", "user,id=n,hostfwd=udp::PORT-:2000", "-netdev user,id=n: port PORT of 127.0.0.1 is in use")]
    [TestCase("tcp", "user,id=n,peers=on,restrict=on,hostfwd=tcp::PORT-:80", "-netdev user,id=n: port PORT of 127.0.0.1 is in use")]
    [TestCase("tcp", "socket,id=n,listen=:PORT", "-netdev socket,id=n: port PORT of 127.0.0.1 is in use")]
    [TestCase("udp", "dgram,id=n,local.type=inet,local.port=PORT,remote.type=inet,remote.port=1", "-netdev dgram,id=n: port PORT of 127.0.0.1 is in use")]
    public void A_port_in_use_ends_the_program_before_the_guest_starts_and_leaves_its_files_alone(string protocol, string netdev, string complaint)
    {
        using var taken = protocol == "tcp"
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (protocol == "tcp")
        {
            taken.Listen();
        }

        string port = $"{((IPEndPoint)taken.LocalEndPoint!).Port}";
        string file = Path.Join(_folder, "packets.pcap");
        File.WriteAllText(file, "what another machine writes");
        Assert.That(
            Start(["-netdev", netdev.Replace("PORT", port), "-device", "e1000,netdev=n", "-object", $"filter-dump,id=f,netdev=n,file={file}"]),
            Is.EqualTo((2, $"riscvxv6: {complaint.Replace("PORT", port)}\n")));
        Assert.That(File.ReadAllText(file), Is.EqualTo("what another machine writes"));
    }

    [Test]
    public void Files_that_can_not_be_written_or_read_end_the_program_before_the_guest_starts()
    {
        string missing = Path.Join(_folder, "none", "f");
        string file = Path.Join(_folder, "f");
        File.WriteAllText(file, "");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Start(["-nic", "user,restrict=on", "-capture", missing]),
                Is.EqualTo((2, $"riscvxv6: --capture: {missing}: no such folder; make it first\n")));
            Assert.That(
                Start(["-nic", "user,restrict=on,id=n", "-object", $"filter-dump,id=f,netdev=n,file={_folder}"]),
                Is.EqualTo((2, $"riscvxv6: -object: {_folder}: is a directory; name a file\n")));
            Assert.That(
                Start(["-nic", "user,restrict=on", "-net-report", missing]),
                Is.EqualTo((2, $"riscvxv6: --net-report: {missing}: no such folder; make it first\n")));
            Assert.That(
                Start(["-nic", $"user,restrict=on,tftp={missing},id=n"]),
                Is.EqualTo((2, $"riscvxv6: -netdev user,id=n: tftp: {missing}: no such folder; check the path\n")));
            Assert.That(
                Start(["-nic", $"user,restrict=on,tftp={file},id=n"]),
                Is.EqualTo((2, $"riscvxv6: -netdev user,id=n: tftp: {file}: is a file; name the folder that it is in\n")));
        }
    }

    [Test]
    [Platform("Linux")]
    public void An_interface_that_is_no_TAP_device_is_refused_by_its_option()
    {
        // lo is there on every host, and is none.
        var (exitCode, error) = Start(["-nic", "tap,ifname=lo,script=no,downscript=no,id=n"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exitCode, Is.EqualTo(2));
            Assert.That(error, Does.StartWith("riscvxv6: -netdev tap,id=n: ").And.EndWith("\n"));
            Assert.That(error.Count(static c => c == '\n'), Is.EqualTo(1));
        }
    }

    private static (int ExitCode, string Error) Start(string[] options)
    {
        var result = BuiltProgram.Run(["-machine", "virt", "-bios", "none", "-kernel", Xv6Guest.Kernel, "-serial", "none", .. options]);
        return (result.ExitCode, result.Error);
    }
}
