namespace RiscvXv6.Emulator.Gdb;

/// <summary>What a client wants a hart to do next.</summary>
internal enum HartActionKind
{
    /// <summary>To stand still.</summary>
    Hold,

    Continue,

    /// <summary>One instruction, or until the pc leaves the range.</summary>
    Step,

    /// <summary>To stop, if it runs.</summary>
    Stop,
}

/// <summary>What a client wants a hart to do next.</summary>
/// <param name="Kind">What.</param>
/// <param name="RangeStart">For a step: the first address of the range; equal to the end for one instruction.</param>
/// <param name="RangeEnd">The first address behind it.</param>
internal readonly record struct HartAction(HartActionKind Kind, ulong RangeStart = 0, ulong RangeEnd = 0)
{
    /// <summary>Reads the actions of <c>vCont</c>: of those that mean a hart, the leftmost counts.</summary>
    /// <param name="text">What follows <c>vCont</c>: each action after a semicolon.</param>
    /// <param name="actions">One for each hart.</param>
    /// <returns>False if it is malformed.</returns>
    public static bool TryTake(scoped ref PacketText text, scoped Span<HartAction> actions)
    {
        Span<bool> isChosen = stackalloc bool[actions.Length];
        actions.Clear();
        while (text.TryTake(';'))
        {
            if (!TryTakeOne(ref text, out var action))
            {
                return false;
            }

            var who = ThreadSelection.All;
            if (text.TryTake(':') && !ThreadSelection.TryTake(ref text, actions.Length, out who))
            {
                return false;
            }

            for (int hart = 0; hart < actions.Length; hart++)
            {
                if (!isChosen[hart] && who.Covers(hart))
                {
                    isChosen[hart] = true;
                    actions[hart] = action;
                }
            }
        }

        return text.IsAtEnd;
    }

    /// <summary>Signals mean nothing to a machine: <c>C05</c> is <c>c</c>.</summary>
    private static bool TryTakeOne(scoped ref PacketText text, out HartAction action)
    {
        action = default;
        byte letter = text.TakeByte();
        switch (letter)
        {
            case (byte)'c':
                action = new HartAction(HartActionKind.Continue);
                return true;
            case (byte)'s':
                action = new HartAction(HartActionKind.Step);
                return true;
            case (byte)'t':
                action = new HartAction(HartActionKind.Stop);
                return true;
            case (byte)'C' or (byte)'S':
                action = new HartAction(letter == 'C' ? HartActionKind.Continue : HartActionKind.Step);
                return text.TryTakeNumber(out _);
            case (byte)'r':
                bool isRange = text.TryTakePair(out ulong start, out ulong end) && start <= end;
                action = new HartAction(HartActionKind.Step, start, end);
                return isRange;
            default:
                return false;
        }
    }
}
