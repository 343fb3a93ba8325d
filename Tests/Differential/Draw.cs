namespace RiscvXv6.Tests.Differential;

/// <summary>Random choices, with a taste for values at which instructions change their mind.</summary>
internal sealed class Draw(ulong seed)
{
    private static readonly ulong[] s_doubles =
    [
        0, 1, 0x000F_FFFF_FFFF_FFFF, 0x0010_0000_0000_0000, 0x3FF0_0000_0000_0000, 0x3FE0_0000_0000_0000,
        0x7FEF_FFFF_FFFF_FFFF, 0x7FF0_0000_0000_0000, 0x7FF0_0000_0000_0001, 0x7FF8_0000_0000_0000,
        0x41DF_FFFF_FFC0_0000, 0x41E0_0000_0000_0000, 0x43E0_0000_0000_0000, 0x43F0_0000_0000_0000,
        0x36A0_0000_0000_0000, 0x380F_FFFF_FFFF_FFFF, 0x47EF_FFFF_F000_0000, 0x4330_0000_0000_0001,
    ];

    private static readonly uint[] s_singles =
    [
        0, 1, 0x007F_FFFF, 0x0080_0000, 0x3F80_0000, 0x3F00_0000, 0x7F7F_FFFF, 0x7F80_0000, 0x7F80_0001, 0x7FC0_0000,
        0x4F00_0000, 0x4F80_0000, 0x5F00_0000, 0x5F80_0000, 0x4B00_0001,
    ];

    private readonly Random _random = new(unchecked((int)(seed ^ (seed >> 32))));

    public bool Chance(int percent) => _random.Next(100) < percent;

    public int Below(int bound) => _random.Next(bound);

    public int Between(int first, int last) => _random.Next(first, last + 1);

    public uint Word() => (uint)_random.NextInt64(1L << 32);

    public ulong Doubleword() => ((ulong)Word() << 32) | Word();

    public T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);

    public ulong Integer() => Below(10) switch
    {
        0 => (ulong)Below(4),
        1 => ulong.MaxValue - (ulong)Below(4),
        2 => 1UL << Below(64),
        3 => (1UL << Below(64)) - 1,
        4 => ~(1UL << Below(64)),
        5 => (ulong)(int)Word(),
        6 => (ulong)Between(-2048, 2047),
        7 => Doubleword() >> Below(64),
        8 => (ulong)((long)Doubleword() >> Below(64)),
        _ => Doubleword(),
    };

    /// <summary>Contents of a floating-point register: doubles, boxed singles, singles that are not boxed.</summary>
    public ulong Floating() => Below(10) switch
    {
        0 or 1 => Pick(s_doubles) | ((ulong)Below(2) << 63),
        2 or 3 => Doubleword(),
        4 => ((ulong)Between(0x3F0, 0x410) << 52) | (Doubleword() >> 12) | ((ulong)Below(2) << 63),
        5 or 6 => Boxed(Pick(s_singles) | ((uint)Below(2) << 31)),
        7 => Boxed(Word()),
        8 => Boxed(((uint)Between(0x70, 0x90) << 23) | (Word() >> 9) | ((uint)Below(2) << 31)),
        _ => ((ulong)Below(2) * 0xFFFF_FFFE_0000_0000) | Pick(s_singles),
    };

    private static ulong Boxed(uint single) => 0xFFFF_FFFF_0000_0000 | single;
}
