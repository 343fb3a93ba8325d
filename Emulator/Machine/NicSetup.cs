using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;

namespace RiscvXv6.Emulator.Machine;

/// <summary>A network card and the far end of its cable.</summary>
/// <param name="Device">Its slot on PCI bus 0, from 1.</param>
/// <param name="Options">What the card is like.</param>
/// <param name="CreateBackend">
/// Makes the far end, as the machine is assembled; may throw what says that the host can't provide it. It is disposed with the machine.
/// </param>
internal sealed record NicSetup(int Device, E1000Options Options, Func<NetworkContext, INetworkBackend> CreateBackend)
{
    /// <summary>As reports print it; unique.</summary>
    public string Name { get; init; } = "e1000";
}
