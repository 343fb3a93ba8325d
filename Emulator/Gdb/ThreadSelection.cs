using System.Globalization;

namespace RiscvXv6.Emulator.Gdb;

/// <summary>
/// Harts as a client names them: threads from 1 on, all of them (-1), or any (0). With or without a process, which there is only one
/// of, as in <c>p1.2</c>. GDB "Packets" (thread-id).
/// </summary>
/// <param name="Hart">0 to the number of harts less one, or <see cref="AllHarts"/>, or <see cref="AnyHart"/>.</param>
internal readonly record struct ThreadSelection(int Hart)
{
    private const int AllHarts = -1;
    private const int AnyHart = -2;

    public static ThreadSelection All { get; } = new(AllHarts);

    public static ThreadSelection Any { get; } = new(AnyHart);

    public bool IsOne => Hart >= 0;

    /// <summary>True if the hart is meant too. Any hart is like all of them.</summary>
    public bool Covers(int hart) => !IsOne || Hart == hart;

    /// <summary>The client's name of a hart.</summary>
    public static string NameOf(int hart) => (hart + 1).ToString("x2", CultureInfo.InvariantCulture);

    /// <summary>Takes a thread-id from a packet.</summary>
    /// <returns>False if it is none, or there is no such hart.</returns>
    public static bool TryTake(scoped ref PacketText text, int hartCount, out ThreadSelection selection)
    {
        selection = Any;
        if (text.TryTake('p'))
        {
            if (!TryTakePart(ref text, out _))
            {
                return false;
            }

            if (!text.TryTake('.'))
            {
                selection = All;
                return true;
            }
        }

        return TryTakePart(ref text, out selection) && selection.Hart < hartCount;
    }

    private static bool TryTakePart(scoped ref PacketText text, out ThreadSelection selection)
    {
        if (text.TryTake("-1"u8))
        {
            selection = All;
            return true;
        }

        bool isNumber = text.TryTakeNumber(out ulong number);
        selection = number == 0 ? Any : new ThreadSelection((int)Math.Min(number, int.MaxValue) - 1);
        return isNumber;
    }
}
