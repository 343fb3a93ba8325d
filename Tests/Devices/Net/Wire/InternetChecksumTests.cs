using NUnit.Framework;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.Wire;

public sealed class InternetChecksumTests
{
    [Test]
    public void The_example_of_RFC_1071_sums_to_ddf2() =>
        Assert.That(
            InternetChecksum.Sum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), Is.EqualTo(0xddf2), "section 3, numerical examples");

    [Test]
    public void Any_bytes_sum_to_what_the_plain_algorithm_says()
    {
        var random = new Random(1);
        for (int length = 0; length < 300; length++)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.That(InternetChecksum.Compute(bytes), Is.EqualTo(Packets.Checksum(bytes)), $"{length} bytes");
        }
    }

    [Test]
    public void Carries_run_around_to_the_end()
    {
        byte[] ones = new byte[65_535];
        Array.Fill(ones, (byte)0xff);
        Assert.That(InternetChecksum.Compute(ones), Is.EqualTo(Packets.Checksum(ones)));
    }

    [Test]
    public void A_sum_goes_on_from_a_part()
    {
        byte[] bytes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
        Assert.That(InternetChecksum.Sum(bytes.AsSpan(4), InternetChecksum.Sum(bytes.AsSpan(0, 4))), Is.EqualTo(InternetChecksum.Sum(bytes)));
    }

    [Test]
    public void The_pseudo_header_has_addresses_protocol_and_length()
    {
        var (source, destination) = (Packets.Address("255.254.253.252"), Packets.Address("10.0.2.2"));
        Assert.That(
            InternetChecksum.Finish(InternetChecksum.SumPseudoHeader(source, destination, IpProtocol.Udp, 1234)),
            Is.EqualTo(Packets.Checksum(Packets.PseudoHeader(source, destination, 17, 1234))));
    }
}
