namespace RiscvXv6.Emulator.Diagnostics.Stacks;

/// <summary>Frames from the innermost outwards.</summary>
/// <param name="Frames">At most <see cref="Unwinder.MostFrames"/> of the kernel and as many of the user.</param>
/// <param name="End">Why it ends where it does, if not by itself.</param>
internal sealed record BackTrace(IReadOnlyList<StackFrame> Frames, string? End)
{
    public static BackTrace Nothing(string why) => new([], why);
}
