namespace RiscvXv6.Tests.Support;

/// <summary>What something allocates on this thread.</summary>
internal static class Allocation
{
    /// <summary>Runs of what is measured.</summary>
    public const int Attempts = 4;

    /// <summary>
    /// The least of four runs. A collection that another thread causes meanwhile counts what was left of this thread's allocation context as
    /// used, some kilobytes at once; what the code itself allocates shows every time.
    /// </summary>
    /// <returns>Bytes.</returns>
    public static long LeastOf(Action action)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
