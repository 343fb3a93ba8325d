using RiscvXv6.Devices.Uart;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>The serial port, as <c>info uart</c> shows it. NS16550A "Summary of Registers".</summary>
internal static class UartListing
{
    private const int DivisorLatch = 0x80;

    public static void Write(MonitorRequest request)
    {
        var output = request.Output;
        if (Board.Find<Uart>(request.Machine) is not { } uart)
        {
            output.WriteLine("there is no serial port");
            return;
        }

        uint lineControl = Read(request, 3);
        output.WriteLine($"uart0 at 0x{MemoryMap.Uart.Base:x}, irq {MemoryMap.Uart.Interrupt}");
        if ((lineControl & DivisorLatch) == 0)
        {
            Row(output, "IER", Read(request, 1), (1, "received data"), (2, "transmitter empty"), (4, "line status"), (8, "modem status"));
        }

        uint cause = Read(request, 2);
        output.WriteLine($" IIR  {cause:x2}  {Cause(cause)}{((cause & 0xc0) != 0 ? ", FIFOs on" : ", FIFOs off")}");
        output.WriteLine($" LCR  {lineControl:x2}  {5 + (lineControl & 3)} bits{((lineControl & DivisorLatch) != 0 ? ", divisor latch in view" : "")}");
        Row(output, "MCR", Read(request, 4), (1, "DTR"), (2, "RTS"), (4, "OUT1"), (8, "OUT2"), (16, "loopback"));
        Row(output, "LSR", Read(request, 5), (1, "data ready"), (2, "overrun"), (16, "break"), (32, "THR empty"),
            (64, "transmitter empty"), (128, "FIFO error"));
        Row(output, "MSR", Read(request, 6), (16, "CTS"), (32, "DSR"), (64, "RI"), (128, "DCD"));
        output.WriteLine($" received and not taken by the guest: {uart.Save().Received.Length} in the FIFO,"
            + $" {request.Machine.PendingConsoleInput} before it");
    }

    private static uint Read(MonitorRequest request, ulong register) =>
        Board.Peek(request.Machine, MemoryMap.Uart.Base + register, sizeof(byte));

    private static void Row(TextWriter output, string name, uint value, params (uint Bit, string Name)[] fields)
    {
        var names = new List<string>();
        foreach (var (bit, field) in fields)
        {
            if ((value & bit) != 0)
            {
                names.Add(field);
            }
        }

        output.WriteLine($" {name}  {value:x2}  {string.Join(", ", names)}".TrimEnd());
    }

    private static string Cause(uint cause) => (cause & 0xf) switch
    {
        0x6 => "line status",
        0xc => "character timeout",
        0x4 => "received data",
        0x2 => "transmitter empty",
        0x0 => "modem status",
        _ => "no interrupt",
    };
}
