using NUnit.Framework;
using RiscvXv6.Devices.Net.Backends;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.Backends;

/// <summary>What a person is told who can't have a TAP device. None is opened here, for it would be on the host's own network.</summary>
internal sealed class TapTests
{
    [Test, Platform("Linux")]
    public void Without_permission_it_says_who_can_give_it()
    {
        Requirement.File("/sys/devices/virtual/misc/tun/dev", "a kernel with TUN/TAP (modprobe tun)");
        NetworkBackendException? failure = null;
        UnprivilegedThread.Run(() => failure = Assert.Throws<NetworkBackendException>(
            static () => new TapTransport(new TapOptions { InterfaceName = "riscvxv6t" }).Dispose()));
        Assert.That(failure!.Message, Does.StartWith("no permission for the TAP device riscvxv6t: let root make it for you"));
    }

    [TestCase("")]
    [TestCase("sixteen-letters-")]
    public void A_name_that_no_interface_can_have_is_refused(string name)
    {
        var failure = Assert.Throws<NetworkBackendException>(() => _ = new TapTransport(new TapOptions { InterfaceName = name }));
        Assert.That(failure!.Message, Does.Contain("1 to 15 characters"));
    }
}
