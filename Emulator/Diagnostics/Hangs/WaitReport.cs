using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Diagnostics.Kernel;
using RiscvXv6.Emulator.Diagnostics.Views;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Diagnostics.Hangs;

/// <summary>Why harts that wait do so for ever.</summary>
internal static unsafe class WaitReport
{
    /// <summary>True if no interrupt from outside is enabled at any hart: not even input could wake one.</summary>
    public static bool NothingCanInterrupt(VirtMachine machine)
    {
        foreach (var hart in machine.Harts)
        {
            if (!hart.State->Waiting || (hart.State->Mie & (InterruptBits.SupervisorExternal | InterruptBits.MachineExternal)) != 0)
            {
                return false;
            }
        }

        return true;
    }

    public static string Sentence(KernelView kernel)
    {
        var parts = new List<string>();
        foreach (var hart in kernel.Machine.Harts)
        {
            string enabled = hart.State->Mie == 0 ? "nothing enabled" : $"enabled {HartText.Interrupts(hart.State->Mie)}";
            parts.Add($"hart {hart.HartId} with {enabled} in {BackTraceText.Short(kernel.Stacks.OfHart(hart), kernel)}");
        }

        return "every hart waits (wfi) and nothing is left that could wake one: " + string.Join("; ", parts);
    }
}
