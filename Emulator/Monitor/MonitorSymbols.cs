using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Diagnostics;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>Addresses as the kernel's symbols name them.</summary>
internal static class MonitorSymbols
{
    /// <summary>The address of a symbol of the kernel.</summary>
    public static bool TryFindAddress(GuestPrograms programs, string name, out ulong address)
    {
        address = 0;
        return programs.KernelSymbols is { } symbols && symbols.TryFindAddress(name, out address);
    }

    /// <summary>Where an address lies, or an empty text if no symbol covers it.</summary>
    public static string Describe(MonitorRequest request, ulong address) =>
        request.Programs.KernelSymbols is { } symbols && symbols.TryFind(address, out var location)
            ? location.ToString()
            : "";

    /// <summary>Where a hart's pc lies, with the line of the source if that is known; an empty text if nothing is.</summary>
    public static string DescribePc(MonitorRequest request, Hart hart) =>
        request.Programs.TryDescribe(hart, MonitorHart.Pc(hart), out string text) ? text : "";
}
