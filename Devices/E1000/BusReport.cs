namespace RiscvXv6.Devices.E1000;

/// <summary>How busy a card's bus was with its transfers since power-on.</summary>
/// <param name="OutboundCycles">The bus, or of a link the lanes toward memory.</param>
/// <param name="OutboundShare">Of all cycles, 0 to 1.</param>
/// <param name="InboundCycles">Of a link, the lanes from memory; of a bus 0.</param>
/// <param name="InboundShare">Of all cycles, 0 to 1.</param>
public sealed record BusReport(ulong OutboundCycles, double OutboundShare, ulong InboundCycles, double InboundShare)
{
    internal static BusReport Of(DmaEngine dma, ulong cycles) => new(
        dma.OutboundBusyCycles,
        cycles == 0 ? 0 : (double)dma.OutboundBusyCycles / cycles,
        dma.InboundBusyCycles,
        cycles == 0 ? 0 : (double)dma.InboundBusyCycles / cycles);
}
