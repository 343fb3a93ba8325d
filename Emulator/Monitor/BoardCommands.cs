namespace RiscvXv6.Emulator.Monitor;

/// <summary>Commands that show the board and its devices.</summary>
internal static class BoardCommands
{
    public static IEnumerable<MonitorCommand> All { get; } =
    [
        new("info mtree", "", "show the physical address space", BoardListing.WriteMemoryTree),
        new("info qtree", "", "show the devices, on the buses that they are on", BoardListing.WriteDeviceTree),
        new("info block", "", "show the disks and their queues", BlockListing.Write),
        new("info uart", "", "show the serial port", UartListing.Write),
        new("info plic", "", "show the interrupt controller: sources, and who is to take them", InterruptListing.Write),
        new("info irq", "", "show the interrupt controller (as info plic)", InterruptListing.Write),
        new("info pic", "", "show the interrupt controller (as info plic)", InterruptListing.Write),
        new("info network", "", "show the network cards, and where their cables lead", NetworkListing.Write),
        new("info e1000", "[n] [-a]", "draw a network card's rings, with its registers, link and interrupts", CardListing.Write),
    ];
}
