using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of a <see cref="DmaEngine"/>.</summary>
/// <param name="Channels">Each channel, in the order of their creation.</param>
/// <param name="Totals">Each purpose's, in the enumeration's order.</param>
/// <param name="NextTicket">What the next request gets.</param>
/// <param name="OutboundFreeCycle">When the bus is free.</param>
/// <param name="OutboundRemainder">The bus's fraction of a cycle.</param>
/// <param name="OutboundBusyCycles">Cycles for which the bus was in use.</param>
/// <param name="InboundFreeCycle">When a link's lanes from memory are free.</param>
/// <param name="InboundRemainder">The same of a link's lanes from memory.</param>
/// <param name="InboundBusyCycles">The same of a link's lanes from memory.</param>
public sealed record DmaEngineState(
    ValueArray<DmaChannelState> Channels,
    ValueArray<DmaTotals> Totals,
    ulong NextTicket,
    ulong OutboundFreeCycle,
    ulong OutboundRemainder,
    ulong OutboundBusyCycles,
    ulong InboundFreeCycle,
    ulong InboundRemainder,
    ulong InboundBusyCycles);
