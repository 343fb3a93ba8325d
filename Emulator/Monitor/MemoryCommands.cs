using System.Buffers.Binary;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>Commands that show memory, and values.</summary>
internal static class MemoryCommands
{
    private const int LineBytes = 16;
    private const int LongestStringBytes = 4096;

    public static IEnumerable<MonitorCommand> All { get; } =
    [
        new("x", "/fmt addr", "show memory from a virtual address on", static request => Dump(request, "x", isPhysical: false)),
        new("xp", "/fmt addr", "show memory from a physical address on", static request => Dump(request, "xp", isPhysical: true)),
        new("print", "/fmt expr", "show the value of an expression (use $reg for registers)", Print) { Alias = "p" },
    ];

    private static void Print(MonitorRequest request)
    {
        if (!MemoryFormat.TryParse(request.Arguments.Text, out var format, out string rest, out string problem)
            || !MonitorExpression.TryEvaluate(request, rest, out ulong value, out problem))
        {
            request.Refuse("print", problem);
            return;
        }

        request.Output.WriteLine(format.Kind switch
        {
            'x' => $"0x{value:x}",
            's' or 'i' => $"0x{value:x}",
            _ => MemoryFormat.Show(format.Kind, sizeof(ulong), value).Trim(),
        });
    }

    private static void Dump(MonitorRequest request, string command, bool isPhysical)
    {
        if (!MemoryFormat.TryParse(request.Arguments.Text, out var format, out string rest, out string problem)
            || !MonitorExpression.TryEvaluate(request, rest, out ulong address, out problem))
        {
            request.Refuse(command, problem);
            return;
        }

        var read = new MemoryReader(request, isPhysical);
        switch (format.Kind)
        {
            case 'i':
                DumpInstructions(request, read, format.Count, address);
                break;
            case 's':
                DumpStrings(request, read, format.Count, address);
                break;
            default:
                DumpValues(request, read, format, address);
                break;
        }
    }

    private static void DumpValues(MonitorRequest request, MemoryReader read, MemoryFormat format, ulong address)
    {
        int perLine = format.Kind == 'c' ? 8 / format.SizeBytes : LineBytes / format.SizeBytes;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        for (int done = 0; done < format.Count && !request.IsOutputFull;)
        {
            request.Output.Write($"{address:x16}:");
            for (int column = 0; column < perLine && done < format.Count; column++, done++)
            {
                bytes.Clear();
                if (read.Read(address, bytes[..format.SizeBytes]) < format.SizeBytes)
                {
                    if (column > 0)
                    {
                        request.Output.WriteLine();
                        request.Output.Write($"{address:x16}:");
                    }

                    request.Output.WriteLine(" Cannot access memory");
                    return;
                }

                ulong value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                request.Output.Write($" {MemoryFormat.Show(format.Kind, format.SizeBytes, value)}");
                address += (ulong)format.SizeBytes;
            }

            request.Output.WriteLine();
        }
    }

    private static void DumpStrings(MonitorRequest request, MemoryReader read, int count, ulong address)
    {
        byte[] bytes = new byte[LongestStringBytes];
        for (int done = 0; done < count && !request.IsOutputFull; done++)
        {
            int length = read.Read(address, bytes);
            if (length == 0)
            {
                request.Output.WriteLine($"{address:x16}: Cannot access memory");
                return;
            }

            int end = bytes.AsSpan(0, length).IndexOf((byte)0);
            var text = bytes.AsSpan(0, end < 0 ? length : end);
            request.Output.Write($"{address:x16}: \"");
            foreach (byte value in text)
            {
                request.Output.Write(MemoryFormat.Escape(value, '"'));
            }

            request.Output.WriteLine(end < 0 ? "\"..." : "\"");
            address += (ulong)text.Length + (end < 0 ? 0UL : 1);
        }
    }

    private static void DumpInstructions(MonitorRequest request, MemoryReader read, int count, ulong address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        ulong pc = request.ChosenHart is var hart ? MonitorHart.Pc(hart) : 0;
        for (int done = 0; done < count && !request.IsOutputFull; done++)
        {
            bytes.Clear();
            int length = read.Read(address, bytes);
            uint encoding = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            int size = (encoding & 3) == 3 ? 4 : 2;
            if (length < size)
            {
                request.Output.WriteLine($"0x{address:x8}: Cannot access memory");
                return;
            }

            request.Output.WriteLine(InstructionText.Line(request, address, encoding, address == pc));
            address += (ulong)size;
        }
    }
}
