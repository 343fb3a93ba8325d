using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using RiscvXv6.Tests.Cli;
using RiscvXv6.Tests.Support;
using RiscvXv6.Tests.Xv6;

namespace RiscvXv6.Tests.Gdb;

/// <summary>The port of the built program: when it is there, who can't have it, and how the program ends.</summary>
internal sealed class PortTests
{
    private static readonly string[] Line = ["-machine", "virt", "-bios", "none", "-kernel", Xv6Guest.Kernel, "-nographic"];

    [Test]
    public void The_port_is_opened_before_a_file_is_read()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        int port = ((IPEndPoint)other.LocalEndPoint!).Port;
        string[] missing = ["-bios", "none", "-kernel", "no-such-kernel", "-nographic"];
        Assert.That(BuiltProgram.Run(missing).Error, Does.Contain("no-such-kernel"));
        Assert.That(BuiltProgram.Run([.. missing, "-gdb", $"tcp::{port}"]).Error, Does.Contain($"port {port}"), "what goes wrong first is what is done first");
    }

    [TestCase("-S -gdb tcp::PORT")]
    [TestCase("-S -gdb tcp:localhost:PORT")]
    [TestCase("-S -s -p PORT")]
    public void The_port_answers_and_a_signal_ends_a_halted_machine_at_once(string options)
    {
        int port = FreePort.Take();
        using var program = BuiltProgram.Start([.. Line, .. options.Replace("PORT", $"{port}").Split(' ')]);
        using var client = FreePort.Connect(port, program.Process);
        Assert.That(client.Ask("?"), Is.EqualTo("T05thread:01;"));
        var watch = Stopwatch.StartNew();
        program.Signal("TERM");
        var result = program.WaitForExit();
        Assert.That(watch.ElapsedMilliseconds, Is.LessThan(3000), "half a second, on a host that has time");
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(client.Receive(), Is.EqualTo("W00"));
    }

    [Test]
    public void The_other_door_halts_and_listens_too()
    {
        int port = FreePort.Take();
        using var program = BuiltProgram.Start("run", Xv6Guest.Kernel, "--halted", "--gdb", $"{port}");
        using var client = FreePort.Connect(port, program.Process);
        Assert.That(GdbClient.Value(client.Ask("p20")), Is.EqualTo(0x1000));
        client.SendRaw(GdbClient.Frame("k"));
        var result = program.WaitForExit();
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "riscvxv6: terminated by the debugger\n")));
    }

    [Test]
    public void Halted_without_a_port_nothing_runs_until_a_signal()
    {
        using var program = BuiltProgram.Start([.. Line, "-S"]);
        Thread.Sleep(1500);
        Assert.That(program.OutputSoFar, Is.Empty);
        program.Signal("TERM");
        Assert.That(program.WaitForExit(), Is.EqualTo(new ProgramResult(0, "", "machine: terminating on signal 15\n")));
    }

    [TestCase("-gdb tcp::PORT", "-gdb")]
    [TestCase("-s -p PORT", "-p")]
    public void A_port_that_is_in_use_is_named_with_the_option_and_what_to_do(string options, string named)
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        int port = ((IPEndPoint)other.LocalEndPoint!).Port;
        var result = BuiltProgram.Run([.. Line, .. options.Replace("PORT", $"{port}").Split(' ')]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Is.EqualTo(
            $"riscvxv6: {named}: port {port} of 127.0.0.1 is in use, perhaps by a machine that still runs; end that one, or choose another port,"
            + $" as in -gdb tcp::{port + 1}\n"));
    }

    [Test]
    public void An_address_that_is_not_this_hosts_is_named()
    {
        var result = BuiltProgram.Run([.. Line, "-gdb", "tcp:192.0.2.1:25000"]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Is.EqualTo("riscvxv6: -gdb: 192.0.2.1 is no address of this host; leave it out, as in -gdb tcp::25000\n"));
    }

    /// <summary>A grader starts one machine after the other at the same port, and kills them.</summary>
    [Test]
    public void The_port_can_be_had_again_at_once()
    {
        int port = FreePort.Take();
        for (int round = 0; round < 4; round++)
        {
            using var program = BuiltProgram.Start([.. Line, "-S", "-gdb", $"tcp::{port}"]);
            using var client = FreePort.Connect(port, program.Process);
            Assert.That(client.Ask("?"), Is.EqualTo("T05thread:01;"));
            program.Signal(round % 2 == 0 ? "TERM" : "KILL");
            program.WaitForExit();
        }
    }
}
