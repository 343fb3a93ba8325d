using RiscvXv6.Guest.Symbols.Types;

namespace RiscvXv6.Emulator.Diagnostics.Kernel;

/// <summary>How a kernel's kind of lock is laid out.</summary>
/// <param name="Word">What is taken: not zero while somebody has it.</param>
/// <param name="Name">A pointer to the name, or null.</param>
/// <param name="Owner">The holder's hart (a pointer) or process (a pid), or null.</param>
/// <param name="IsSleepLock">Who waits sleeps.</param>
internal sealed record LockLayout(Field Word, Field? Name, Field? Owner, bool IsSleepLock)
{
    /// <summary>The layout of a structure that is a lock by its name and has a word to take; null of any other.</summary>
    public static LockLayout? Of(StructureType structure)
    {
        if (!structure.Tag.EndsWith("lock", StringComparison.Ordinal)
            || Field.Find(structure, "locked", "state") is not { Type: IntegerType } word)
        {
            return null;
        }

        bool sleeps = structure.Tag.Contains("sleep", StringComparison.Ordinal);
        return new LockLayout(
            word,
            Field.Find(structure, "name") is { Type: PointerType } name ? name : null,
            sleeps ? Field.Find(structure, "pid") : Field.Find(structure, "cpu", "holder"),
            sleeps);
    }
}
