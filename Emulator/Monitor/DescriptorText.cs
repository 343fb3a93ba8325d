using RiscvXv6.Devices.E1000;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>Descriptors in a line, their bits by the manual's names.</summary>
internal static class DescriptorText
{
    private static readonly string[] s_legacyCommand = ["EOP", "IFCS", "IC", "RS", "RPS", "", "VLE", "IDE"];
    private static readonly string[] s_dataCommand = ["EOP", "IFCS", "TSE", "RS", "RPS", "", "VLE", "IDE"];
    private static readonly string[] s_contextCommand = ["TCP", "IP", "TSE", "RS", "", "", "", "IDE"];
    private static readonly string[] s_transmitStatus = ["DD", "EC", "LC", "TU"];
    private static readonly string[] s_receiveStatus = ["DD", "EOP", "IXSM", "VP", "", "TCPCS", "IPCS", "PIF"];
    private static readonly string[] s_receiveErrors = ["CE", "SE", "SEQ", "", "CXE", "TCPE", "IPE", "RXE"];

    /// <summary>SDM "Legacy Transmit Descriptor Format", "TCP/IP Context Descriptor Layout", "TCP/IP Data Descriptor Format".</summary>
    public static string Transmit(TransmitDescriptor descriptor)
    {
        byte command = (byte)(descriptor.High >> 24);
        string status = Names((byte)(descriptor.High >> 32 & 0xf), s_transmitStatus);
        switch (descriptor.Kind)
        {
            case TransmitDescriptorKind.Context:
                return $"{"context",-18}  {descriptor.High & 0xf_ffff,6}  {Names(command, s_contextCommand)}"
                    + $" MSS {descriptor.High >> 48} HDRLEN {descriptor.High >> 40 & 0xff}{After(status)}";
            case TransmitDescriptorKind.Reserved:
                return $"0x{descriptor.Low:x16}  reserved type {descriptor.High >> 20 & 0xf}";
            case TransmitDescriptorKind.Data:
                string sums = (descriptor.WantsIPChecksum ? " IXSM" : "") + (descriptor.WantsTransportChecksum ? " TXSM" : "");
                return $"0x{descriptor.Low:x16}  {descriptor.High & 0xf_ffff,6}  data {Names(command, s_dataCommand)}{sums}{After(status)}";
            default:
                string offsets = descriptor.WantsLegacyChecksum ? $" CSS {descriptor.ChecksumStart} CSO {descriptor.ChecksumOffset}" : "";
                return $"0x{descriptor.Low:x16}  {descriptor.High & 0xffff,6}  {Names(command, s_legacyCommand)}{offsets}{After(status)}";
        }
    }

    /// <summary>SDM "Receive Descriptor Format".</summary>
    public static string Receive(ReceiveDescriptor descriptor)
    {
        string errors = Names((byte)(descriptor.Fields >> 40), s_receiveErrors);
        return $"0x{descriptor.Address:x16}  {descriptor.LengthBytes,6}  {Names(descriptor.Status, s_receiveStatus)}"
            + (errors.Length == 0 ? "" : $", errors {errors}");
    }

    private static string After(string status) => status.Length == 0 ? "" : $", {status}";

    private static string Names(byte bits, string[] names) => string.Join(
        ' ', names.Where((name, bit) => name.Length > 0 && (bits >> bit & 1) != 0));
}
