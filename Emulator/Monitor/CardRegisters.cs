using RiscvXv6.Devices.E1000;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>A network card's registers, read without side effects, and the names of their fields.</summary>
internal static class CardRegisters
{
    private const int MemoryBar = 0;

    private static readonly (uint Bit, string Name)[] s_control =
    [
        (Ctrl.FullDuplex, "FD"), (Ctrl.LinkReset, "LRST"), (Ctrl.AutoSpeedDetection, "ASDE"), (Ctrl.SetLinkUp, "SLU"),
        (Ctrl.InvertLossOfSignal, "ILOS"), (Ctrl.ForceSpeed, "FRCSPD"), (Ctrl.ForceDuplex, "FRCDPX"), (Ctrl.Reset, "RST"),
        (Ctrl.ReceiveFlowControl, "RFCE"), (Ctrl.TransmitFlowControl, "TFCE"), (Ctrl.VlanMode, "VME"), (Ctrl.PhyReset, "PHY_RST"),
    ];

    private static readonly (uint Bit, string Name)[] s_receive =
    [
        (Rctl.Enable, "EN"), (Rctl.StoreBadPackets, "SBP"), (Rctl.UnicastPromiscuous, "UPE"), (Rctl.MulticastPromiscuous, "MPE"),
        (Rctl.LongPacketEnable, "LPE"), (Rctl.BroadcastAccept, "BAM"), (Rctl.VlanFilterEnable, "VFE"),
        (Rctl.CanonicalFormEnable, "CFIEN"), (Rctl.CanonicalForm, "CFI"), (Rctl.DiscardPauseFrames, "DPF"),
        (Rctl.PassMacControlFrames, "PMCF"), (Rctl.BufferSizeExtension, "BSEX"), (Rctl.StripCheckSequence, "SECRC"),
    ];

    private static readonly (uint Bit, string Name)[] s_transmit =
        [(Tctl.Enable, "EN"), (Tctl.PadShortPackets, "PSP"), (Tctl.SoftwareXoff, "SWXOFF")];

    private static readonly (uint Bit, string Name)[] s_causes =
    [
        ((uint)InterruptCauses.TransmitDescriptorWrittenBack, "TXDW"), ((uint)InterruptCauses.TransmitQueueEmpty, "TXQE"),
        ((uint)InterruptCauses.LinkStatusChange, "LSC"), ((uint)InterruptCauses.ReceiveSequenceError, "RXSEQ"),
        ((uint)InterruptCauses.ReceiveDescriptorMinimum, "RXDMT0"), ((uint)InterruptCauses.ReceiverOverrun, "RXO"),
        ((uint)InterruptCauses.ReceiverTimer, "RXT0"), ((uint)InterruptCauses.MdioAccessComplete, "MDAC"),
        ((uint)InterruptCauses.ReceivingConfiguration, "RXCFG"), ((uint)InterruptCauses.TransmitDescriptorLow, "TXD_LOW"),
        ((uint)InterruptCauses.SmallReceivePacket, "SRPD"),
    ];

    /// <summary>What a load would return.</summary>
    public static uint Read(E1000 card, E1000Register register)
    {
        card.PeekBar(MemoryBar, (uint)E1000Registers.Table[register].Offset, sizeof(uint), out uint value);
        return value;
    }

    /// <summary>The fields that are set, by the manual's names.</summary>
    public static string Fields(E1000Register register, uint value) => register switch
    {
        E1000Register.Ctrl => Names(value, s_control),
        E1000Register.Rctl => $"{Names(value, s_receive)} buffers of {Rctl.BufferBytes(value)} bytes".TrimStart(),
        E1000Register.Tctl => Names(value, s_transmit),
        E1000Register.Icr or E1000Register.Ims => value == 0 ? "none" : Names(value, s_causes),
        _ => "",
    };

    private static string Names(uint value, (uint Bit, string Name)[] fields) =>
        string.Join(' ', fields.Where(field => (value & field.Bit) != 0).Select(static field => field.Name));
}
