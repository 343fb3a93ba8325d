using RiscvXv6.Devices.E1000;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>A network card as <c>info e1000</c> draws it: for who looks why packets don't come or go.</summary>
internal static class CardListing
{
    private static readonly E1000Register[] s_registers = [E1000Register.Ctrl, E1000Register.Rctl, E1000Register.Tctl];

    public static void Write(MonitorRequest request)
    {
        var cards = request.Machine.Nics;
        ulong chosen = 0;
        bool all = false;
        foreach (string word in request.Arguments.Words)
        {
            if (word == "-a")
            {
                all = true;
            }
            else if (!MonitorNumber.TryParse(word, out chosen) || chosen >= (ulong)cards.Count)
            {
                request.Refuse("info e1000", cards.Count == 0
                    ? "there is no network card"
                    : $"'{word}' is neither -a nor a card; there are cards 0 to {cards.Count - 1}");
                return;
            }
        }

        if (cards.Count == 0)
        {
            request.Output.WriteLine("there is no network card");
            return;
        }

        var card = cards[(int)chosen];
        WriteHead(request, card, (int)chosen);
        foreach (var register in s_registers)
        {
            WriteRegister(request.Output, card, register);
        }

        WriteInterrupts(request.Output, card);
        request.Output.WriteLine();
        CardRing.Transmit(card).Write(request, all);
        request.Output.WriteLine();
        CardRing.Receive(card).Write(request, all);
    }

    private static void WriteHead(MonitorRequest request, E1000 card, int index)
    {
        var output = request.Output;
        var place = Board.PciFunctions(request.Machine).FirstOrDefault(function => ReferenceEquals(function.Card, card));
        int interrupt = MemoryMap.PciInterrupt(place.Device, card.Config.InterruptPin - 1);
        output.WriteLine($"{card.Name}: {NetworkListing.Address(request, index)},"
            + $" pci {Board.PciAddress(place.Device, place.Function)}, irq {interrupt}"
            + $"{(card.Config.IsBusMaster ? "" : ", bus mastering off: the card reaches no memory")}");
        uint status = CardRegisters.Read(card, E1000Register.Status);
        string link = (status & Status.LinkUp) == 0
            ? "link down"
            : $"link up, {Megabits(status)} Mb/s, {((status & Status.FullDuplex) != 0 ? "full" : "half")} duplex";
        output.WriteLine($"{link}{((status & Status.TransmitOff) != 0 ? ", transmitter paused by XOFF" : "")}");
    }

    private static int Megabits(uint status) => (status >> Status.SpeedShift & 3) switch { 0 => 10, 1 => 100, _ => 1000 };

    private static void WriteRegister(TextWriter output, E1000 card, E1000Register register)
    {
        uint value = CardRegisters.Read(card, register);
        output.WriteLine($" {E1000Registers.Table[register].Name,-6} {value:x8}  {CardRegisters.Fields(register, value)}".TrimEnd());
    }

    private static void WriteInterrupts(TextWriter output, E1000 card)
    {
        WriteRegister(output, card, E1000Register.Icr);
        WriteRegister(output, card, E1000Register.Ims);
        uint cause = CardRegisters.Read(card, E1000Register.Icr) & CardRegisters.Read(card, E1000Register.Ims);
        string line = card.Config.InterruptLevel ? "asserted" : "idle";
        output.WriteLine($" interrupt line {line}{(cause != 0 ? $" for {CardRegisters.Fields(E1000Register.Icr, cause)}" : "")}");
    }
}
