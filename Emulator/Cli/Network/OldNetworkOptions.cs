using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>
/// QEMU's old <c>-net</c>, whose cards and networks all meet at hub 0. One of each needs no hub between them.
/// </summary>
internal sealed class OldNetworkOptions
{
    private const int HubId = 0;

    public List<PendingNic> Nics { get; } = [];

    public List<NetdevOptions> Netdevs { get; } = [];

    /// <summary>Plugs the cards in, and adds the hub's ports.</summary>
    public void Connect(List<PendingNic> nics, List<(string Option, NetdevOptions Netdev)> netdevs)
    {
        if (Nics is [var only] && Netdevs is [var network])
        {
            Replace(nics, only, network.Id);
            return;
        }

        if (Nics.Count == 0 || Netdevs.Count == 0)
        {
            // Nothing to meet: a card without a network, or the other way round, is told of later.
            return;
        }

        int port = 0;
        foreach (var nic in Nics)
        {
            string id = NextPort();
            netdevs.Add((nic.Option, new HubPortNetdevOptions(id, HubId, null)));
            Replace(nics, nic, id);
        }

        foreach (var netdev in Netdevs)
        {
            netdevs.Add(("-net", new HubPortNetdevOptions(NextPort(), HubId, netdev.Id)));
        }

        string NextPort()
        {
            string id;
            do
            {
                id = $"hub{HubId}port{port++}";
            }
            while (netdevs.Exists(pair => pair.Netdev.Id == id));
            return id;
        }
    }

    private static void Replace(List<PendingNic> nics, PendingNic nic, string netdevId) =>
        nics[nics.FindIndex(other => ReferenceEquals(other, nic))] = nic with { NetdevId = netdevId };
}
