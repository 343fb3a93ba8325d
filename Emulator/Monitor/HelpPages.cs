namespace RiscvXv6.Emulator.Monitor;

/// <summary>What help says of a command that a line does not explain.</summary>
internal static class HelpPages
{
    private const string Format = """
          FMT is /COUNT FORMAT SIZE, each of which may be left out: /8xw, /4i, /s.
            FORMAT  x hexadecimal, d signed, u unsigned, o octal, c characters, s a string, i instructions
            SIZE    b 1 byte, h 2, w 4, g 8
          ADDR is an expression: 0x80000000, $pc, $sp+16, main, proc+0x100*2.
        """;

    private const string Expression = """
          An expression is made of numbers (10, 0x1f), registers ($pc, $a0, $f3, $satp), the kernel's symbols,
          + - * / % & | ^ << >> ~ and parentheses; all of it unsigned, in 64 bits.
          /x, /d, /u, /o and /c choose how it is shown.
        """;

    /// <summary>The page of a command, without a line end at its end, or null.</summary>
    public static string? Find(string command) => command switch
    {
        "x" or "xp" => Format,
        "print" => Expression,
        "info registers" => """
              Without arguments: the hart that "cpu N" chose. A number chooses another, -a takes all of them. -c adds the
              remaining CSRs, without the PMP entries and performance counters that are zero.
            """,
        "info e1000" => """
              Registers by name, the link, interrupts, and both rings: a line for each descriptor, with marks at head and
              tail, whose it is (card: handed over by the tail; driver: everything else), and its fields by name.
              N chooses a card when there are several; -a draws rings in full that are longer than 32 descriptors.
            """,
        "step" => """
              The hart of "cpu N" executes N instructions, or one; the others run as their turns fall. The machine is halted
              afterwards.
            """,
        _ => null,
    };
}
