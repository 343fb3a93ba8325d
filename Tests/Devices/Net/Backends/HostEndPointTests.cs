using NUnit.Framework;
using RiscvXv6.Devices.Net.Backends;

namespace RiscvXv6.Tests.Devices.Net.Backends;

/// <summary>Addresses as people write them. No name is asked of a resolver here.</summary>
internal sealed class HostEndPointTests
{
    [TestCase("127.0.0.1:5555", "127.0.0.1:5555")]
    [TestCase(":5555", "127.0.0.1:5555", Description = "never every interface")]
    [TestCase("localhost:80", "127.0.0.1:80")]
    [TestCase("0.0.0.0:80", "0.0.0.0:80")]
    [TestCase("[::1]:80", "[::1]:80")]
    [TestCase("230.0.0.1:1234", "230.0.0.1:1234")]
    public void An_address_and_a_port_are_read(string text, string expected)
    {
        Assert.That(HostEndPoint.TryParse(text, out var endPoint, out string? problem), Is.True, problem);
        Assert.That(endPoint!.ToString(), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("127.0.0.1")]
    [TestCase("127.0.0.1:")]
    [TestCase("127.0.0.1:65536")]
    [TestCase("127.0.0.1:-1")]
    [TestCase("127.0.0.1: 80")]
    [TestCase("::1:80")]
    [TestCase("[127.0.0.1]:80")]
    [TestCase("[]:80")]
    [TestCase("[:80")]
    public void What_is_neither_is_refused_with_a_reason(string text)
    {
        Assert.That(HostEndPoint.TryParse(text, out _, out string? problem), Is.False);
        Assert.That(problem, Is.Not.Empty);
    }
}
