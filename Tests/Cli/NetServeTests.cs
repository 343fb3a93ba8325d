using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NUnit.Framework;
using RiscvXv6.Devices.Net.Peers;
using RiscvXv6.Emulator.Cli.Options;
using static RiscvXv6.Tests.Cli.CommandLineDriver;

namespace RiscvXv6.Tests.Cli;

/// <summary><c>riscvxv6 net serve</c>, as a process that clients of the framework talk to on the loop-back address.</summary>
internal sealed class NetServeTests
{
    [Test]
    public void Its_services_are_those_that_are_named_or_all_and_nobody_else_reaches_them()
    {
        var all = (Request.Serve)Parse("net serve");
        var some = (Request.Serve)Parse("net serve echo:7000 web discard:0 --address 127.0.0.2");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(all.Peers.Select(static peer => peer.Port), Is.EqualTo(new[] { 25099, 25009, 25019, 25080 }));
            Assert.That(all.Address, Is.EqualTo(IPAddress.Loopback));
            Assert.That(some.Peers, Is.EqualTo(new PeerOptions[]
            {
                new(PeerKind.Echo, 7000), new(PeerKind.Web, 25080), new(PeerKind.Discard, 0),
            }));
            Assert.That(some.Address, Is.EqualTo(IPAddress.Parse("127.0.0.2")));
        }
    }

    [TestCase("net", "there is serve")]
    [TestCase("net srve", "did you mean net serve?")]
    [TestCase("net serve ecko", "did you mean echo?")]
    [TestCase("net serve echo:70000", "'70000' is not a number from 1 to 65535")]
    [TestCase("net serve --address nowhere", "'nowhere' is not an address")]
    [TestCase("net serve --adress 127.0.0.1", "did you mean --address?")]
    public void A_bad_line_is_refused_with_advice(string line, string part) =>
        Assert.That(Complaint(line), Does.Contain(part).And.Not.Contain("\n"));

    [Test]
    public async Task Guests_and_others_are_served_until_a_signal_ends_it()
    {
        using var program = BuiltProgram.Start("net", "serve", "echo:0", "discard:0", "generator:0", "web:0");
        program.WaitForLine("web: tcp 127.0.0.1:");
        var ports = Regex.Matches(program.OutputSoFar, @"(\w+): .*:(\d+)")
            .ToDictionary(static match => match.Groups[1].Value, static match => int.Parse(match.Groups[2].Value));
        await EchoesDatagrams(ports["echo"]);
        await EchoesBytes(ports["echo"]);
        await GeneratesWhatIsAskedFor(ports["generator"]);
        await GeneratesCharacters(ports["generator"]);
        await ServesHttp(ports["web"]);
        program.Signal("TERM");
        Assert.That(program.WaitForExit().ExitCode, Is.Zero);
    }

    [Test]
    public void A_port_in_use_is_named_before_anything_is_served()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var result = BuiltProgram.Run("net", "serve", "web:0", $"echo:{port}");
        Assert.That(
            (result.ExitCode, result.Output, result.Error),
            Is.EqualTo((2, "", $"riscvxv6: net serve: echo: port {port} of 127.0.0.1 is in use; choose another, as in echo:25100\n")));
    }

    private static async Task EchoesDatagrams(int port)
    {
        using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        for (int size = 0; size <= 1472; size += 368)
        {
            byte[] payload = RandomNumberGenerator.GetBytes(size);
            await client.SendAsync(payload, new IPEndPoint(IPAddress.Loopback, port));
            Assert.That((await client.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(10))).Buffer, Is.EqualTo(payload));
        }
    }

    private static async Task EchoesBytes(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        byte[] payload = RandomNumberGenerator.GetBytes(1_000_000);
        var stream = client.GetStream();
        var sending = Task.Run(async () =>
        {
            await stream.WriteAsync(payload);
            client.Client.Shutdown(SocketShutdown.Send);
        });
        var received = new MemoryStream();
        await stream.CopyToAsync(received).WaitAsync(TimeSpan.FromSeconds(30));
        await sending;
        Assert.That(received.ToArray(), Is.EqualTo(payload));
    }

    private static async Task GeneratesWhatIsAskedFor(int port)
    {
        using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await client.SendAsync("10 100 500"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, port));
        for (int i = 0; i < 10; i++)
        {
            byte[] datagram = (await client.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(10))).Buffer;
            Assert.That(System.Text.Encoding.ASCII.GetString(datagram), Has.Length.EqualTo(100).And.EndsWith($" {i}"));
        }
    }

    private static async Task GeneratesCharacters(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        byte[] text = new byte[100_000];
        await client.GetStream().ReadExactlyAsync(text).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(text.AsSpan(72, 2).ToArray(), Is.EqualTo("\r\n"u8.ToArray()));
    }

    private static async Task ServesHttp(int port)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
        byte[] bytes = await client.GetByteArrayAsync("/bytes/300000");
        byte[] upload = RandomNumberGenerator.GetBytes(500_000);
        var sum = await client.PostAsync("/sum", new ByteArrayContent(upload));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(bytes.Index().All(static pair => pair.Item == pair.Index % 251), Is.True);
            Assert.That(
                await sum.Content.ReadAsStringAsync(),
                Is.EqualTo($"500000 {Convert.ToHexStringLower(SHA256.HashData(upload))}\n"));
            Assert.That((await client.GetAsync("/nothing")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }
}
