using System.Net.Sockets;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli.Debugger;

/// <summary>The debugger's port as options name it, and as the host has it.</summary>
internal static class DebuggerPort
{
    /// <summary>What <c>-s</c> stands for.</summary>
    public const int UsualPort = 1234;

    /// <summary>Clients that the host keeps until they are looked at.</summary>
    private const int Backlog = 8;

    /// <summary>What scripts add for QEMU's sake; it says what is so here anyway.</summary>
    private static readonly HashSet<string> Accepted = ["server", "server=on", "nowait", "wait=off", "nodelay", "nodelay=on", "ipv4", "ipv4=on"];

    /// <summary>Reads <c>none</c>, <c>tcp::PORT</c> or <c>tcp:ADDRESS:PORT</c>. Without an address the port is for this host alone.</summary>
    /// <param name="option">Named in complaints.</param>
    /// <param name="text">What followed the option.</param>
    /// <param name="options">What is known so far.</param>
    public static DebuggerOptions Parse(string option, string text, DebuggerOptions options)
    {
        const string Scheme = "tcp:";
        if (text == "none")
        {
            return options with { Port = null };
        }

        string[] parts = text.Split(',');
        if (!text.StartsWith(Scheme, StringComparison.Ordinal) || parts.Skip(1).FirstOrDefault(part => !Accepted.Contains(part)) is not null)
        {
            throw new UsageException($"{option}: {OptionValues.Quote(text)} is not supported; write none, or tcp::{UsualPort} for a port of this host");
        }

        return options with { Port = NetworkValues.EndPoint(option, parts[0][Scheme.Length..]), Option = option };
    }

    /// <summary>What <c>--gdb</c> (a port alone will do) and <c>--halted</c> of our own front door say.</summary>
    public static DebuggerOptions Parse(string? gdb, bool isHalted)
    {
        var options = DebuggerOptions.None with { StartsHalted = isHalted };
        return gdb is null
            ? options
            : Parse("--gdb", gdb.Contains(':') || gdb == "none" ? gdb : $"tcp::{gdb}", options);
    }

    /// <summary>Opens the port. Clients may connect from now on; they are answered when the machine is there.</summary>
    /// <exception cref="UsageException">The host does not let us have it.</exception>
    public static Socket Listen(DebuggerOptions options)
    {
        var (endPoint, option, _) = options;
        var socket = new Socket(endPoint!.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            int another = endPoint.Port == ushort.MaxValue ? endPoint.Port - 1 : endPoint.Port + 1;
            string why = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    $"port {endPoint.Port} of {endPoint.Address} is in use, perhaps by a machine that still runs; end that one, or choose another port,"
                    + $" as in -gdb tcp::{another}",
                SocketError.AccessDenied =>
                    $"port {endPoint.Port} is the administrator's; choose one of 1024 or more, as in -gdb tcp::{UsualPort}",
                SocketError.AddressNotAvailable =>
                    $"{endPoint.Address} is no address of this host; leave it out, as in -gdb tcp::{endPoint.Port}",
                _ => $"port {endPoint.Port} of {endPoint.Address} can't be had: {e.Message}; choose another, as in -gdb tcp::{another}",
            };
            throw new UsageException($"{option}: {why}", e);
        }
    }
}
