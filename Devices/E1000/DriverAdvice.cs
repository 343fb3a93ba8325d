namespace RiscvXv6.Devices.E1000;

/// <summary>
/// Tells a driver's author what the driver does wrong, under <see cref="E1000Fidelity.Lab"/> only: each kind of mistake
/// once, in a sentence that says what happened and what to do instead.
/// </summary>
internal sealed class DriverAdvice(E1000Fidelity fidelity)
{
    private readonly bool[] _told = new bool[Enum.GetValues<DriverMistake>().Length];

    /// <summary>Takes the sentences.</summary>
    public Action<string>? Sink { get; set; }

    /// <summary>Whether it is worth looking for mistakes of this kind.</summary>
    public bool Wants(DriverMistake kind) => fidelity == E1000Fidelity.Lab && !_told[(int)kind];

    /// <summary>A mistake was seen. Nothing is allocated unless a sentence is told.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="a">What <see cref="DriverMistake"/> says of it.</param>
    /// <param name="b">What <see cref="DriverMistake"/> says of it.</param>
    public void Tell(DriverMistake kind, ulong a = 0, ulong b = 0)
    {
        if (Wants(kind) && Sink is { } sink)
        {
            _told[(int)kind] = true;
            sink(DriverSentences.Of(kind, a, b));
        }
    }
}
