using System.Runtime.InteropServices;

namespace RiscvXv6.Emulator.Cpu.Translation;

/// <summary>One line of a hart's cache from virtual address to block.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal unsafe struct JumpEntry
{
    public const int Count = 4096;

    public ulong VirtualPc;

    /// <summary>The <see cref="Execution.TranslationContext.FetchIdentity"/> for which the entry holds.</summary>
    public ulong Identity;

    public Block* Target;

    public static int IndexOf(ulong virtualPc) => (int)((virtualPc >> 1) ^ (virtualPc >> 13)) & (Count - 1);
}
