using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>What follows <c>guestfwd=</c>.</summary>
internal sealed class GuestForwardTests
{
    [TestCase("tcp:10.0.2.100:80-tcp:127.0.0.1:8080", "10.0.2.100:80", "127.0.0.1:8080")]
    [TestCase(":10.0.2.100:80-tcp:127.0.0.1:8080", "10.0.2.100:80", "127.0.0.1:8080")]
    [TestCase("tcp:10.0.2.100:65535-tcp:localhost:1", "10.0.2.100:65535", "127.0.0.1:1")]
    public void A_forward_names_where_the_guest_connects_and_where_the_host_does(string text, string server, string target)
    {
        Assert.That(GuestForward.TryParse(text, out var forward, out string error), Is.True, error);
        Assert.That((forward.Server.ToString(), forward.Target.ToString()), Is.EqualTo((server, target)));
        Assert.That(error, Is.Empty);
    }

    [TestCase("", "'' has no '-' between the guest's side and the host's")]
    [TestCase("tcp:10.0.2.100:80", "'tcp:10.0.2.100:80' has no '-' between the guest's side and the host's")]
    [TestCase("tcp:10.0.2.100-tcp:127.0.0.1:1", "'tcp:10.0.2.100' is not of the form tcp:ADDRESS:PORT")]
    [TestCase("udp:10.0.2.100:80-tcp:127.0.0.1:1", "'udp:10.0.2.100:80' is not of the form tcp:ADDRESS:PORT")]
    [TestCase("tcp:10.0.2.100:0-tcp:127.0.0.1:1", "'tcp:10.0.2.100:0' is not of the form tcp:ADDRESS:PORT")]
    [TestCase("tcp:10.0.2.100:65536-tcp:127.0.0.1:1", "'tcp:10.0.2.100:65536' is not of the form tcp:ADDRESS:PORT")]
    [TestCase("tcp:10.0.2.100:80-127.0.0.1:1", "'127.0.0.1:1' is not of the form tcp:ADDRESS:PORT")]
    [TestCase("tcp:10.0.2.100:80-tcp:example:1", "'tcp:example:1' is not of the form tcp:ADDRESS:PORT")]
    [TestCase("tcp:10.0.2.100:80-cmd:cat", "'cmd:' is not supported; let a program listen on a port and forward to that")]
    public void A_malformed_forward_is_told_in_one_clause(string text, string expected)
    {
        Assert.That(GuestForward.TryParse(text, out _, out string error), Is.False);
        Assert.That(error, Is.EqualTo(expected));
    }
}
