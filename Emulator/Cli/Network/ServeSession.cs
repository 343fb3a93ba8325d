using System.Collections.Immutable;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using RiscvXv6.Devices.Net.Peers;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Terminal;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary><c>riscvxv6 net serve</c>: services on the host for guests to talk to, until somebody ends it.</summary>
internal static class ServeSession
{
    /// <returns>The program's exit code.</returns>
    /// <exception cref="UsageException">A port can't be had; nothing is served.</exception>
    public static int Run(ImmutableArray<PeerOptions> peers, IPAddress address)
    {
        var servers = new List<PeerServer>();
        using var ended = new ManualResetEventSlim();
        try
        {
            foreach (var peer in peers)
            {
                servers.Add(new PeerServer(peer, address));
            }

            PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
            var traps = signals.Select(signal => PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                ended.Set();
            })).ToArray();
            foreach (var server in servers)
            {
                server.Start();
            }

            StandardStreams.Write(Encoding.UTF8.GetBytes(string.Concat(servers.Select(static server => server.Line + "\n"))));
            ended.Wait();
            Array.ForEach(traps, static trap => trap.Dispose());
        }
        finally
        {
            servers.ForEach(static server => server.Dispose());
        }

        return ExitCode.Success;
    }
}
