using System.Buffers.Binary;
using System.Globalization;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>An instruction as a line: a mark at the pc, address, symbol, encoding, text, and where it leads.</summary>
internal static class InstructionText
{
    private const int EncodingWidth = 10;

    public static string Line(MonitorRequest request, ulong address, uint encoding, bool isNext)
    {
        string symbol = MonitorSymbols.Describe(request, address);
        string digits = (encoding & 3) == 3
            ? encoding.ToString("x8", CultureInfo.InvariantCulture)
            : ((ushort)encoding).ToString("x4", CultureInfo.InvariantCulture);
        string text = Disassembler.Format(encoding, address);
        string place = symbol.Length == 0 ? $"0x{address:x8}:" : $"0x{address:x8} <{symbol}>:";
        return $"{(isNext ? "=> " : "   ")}{place}  {digits.PadRight(EncodingWidth)}{text}{Target(request, encoding, text)}";
    }

    /// <summary>The instruction that a hart executes next.</summary>
    public static void WriteNext(MonitorRequest request, int hart)
    {
        ulong pc = MonitorHart.Pc(request.Machine.Harts[hart]);
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        bytes.Clear();
        bool isThere = request.Machine.Debug.Read(hart, pc, bytes) >= sizeof(ushort);
        request.Output.WriteLine(isThere
            ? Line(request, pc, BinaryPrimitives.ReadUInt32LittleEndian(bytes), isNext: true)
            : $"=> 0x{pc:x8}: Cannot access memory");
    }

    private static string Target(MonitorRequest request, uint encoding, string text)
    {
        if (Decoder.FindRow(encoding) is not { } row || !row.Operands.Contains("target", StringComparison.Ordinal))
        {
            return "";
        }

        int last = Math.Max(text.LastIndexOf(','), text.LastIndexOf(' ')) + 1;
        return MonitorNumber.TryParse(text.AsSpan(last), out ulong target)
            && MonitorSymbols.Describe(request, target) is { Length: > 0 } symbol
            ? $" <{symbol}>"
            : "";
    }
}
