namespace RiscvXv6.Emulator.Cpu.Csr;

/// <summary>
/// The CSRs as instructions reach them. The caller reads first, always: that is where every check is made, whether or
/// not the value is wanted. Then, if the instruction writes, it writes.
/// </summary>
internal static class CsrFile
{
    private static readonly CsrSpec?[] s_byNumber = IndexRows();

    /// <summary>The row of a CSR, or null if there is none.</summary>
    public static CsrSpec? Find(int number) => s_byNumber[number & 0xFFF];

    /// <summary>Checks the whole access and reads the CSR.</summary>
    /// <param name="s">The hart.</param>
    /// <param name="number">The 12-bit address.</param>
    /// <param name="alsoWrites">
    /// True if <see cref="Write"/> follows: CSRRW always, CSRRS and CSRRC unless rs1 is x0 (or the immediate is 0).
    /// </param>
    /// <param name="nowTicks">The <c>time</c> counter.</param>
    /// <param name="value">What goes to rd; zero if the access is illegal.</param>
    public static CsrStatus Read(ref HartState s, int number, bool alsoWrites, ulong nowTicks, out ulong value)
    {
        var spec = Find(number);
        if (spec is null
            || s.Privilege < spec.MinimumPrivilege
            || (alsoWrites && spec.IsReadOnly)
            || !GateIsOpen(in s, spec))
        {
            value = 0;
            return CsrStatus.IllegalInstruction;
        }

        value = spec.Read(ref s, nowTicks);
        return CsrStatus.Ok;
    }

    /// <summary>
    /// What CSRRS and CSRRC combine with their operand, given what <see cref="Read"/> returned. It differs from that
    /// for mip alone: "only the software-writable SEIP bit participates in the read-modify-write"
    /// (Priv "Machine Interrupt (mip and mie) Registers"), lest the PLIC's level be copied into it.
    /// </summary>
    public static ulong ModifyBase(ref HartState s, int number, ulong readValue) =>
        number == CsrNumber.Mip
            ? (readValue & ~InterruptBits.SupervisorExternal) | (s.SoftInterrupts & InterruptBits.SupervisorExternal)
            : readValue;

    /// <summary>Writes a CSR after a successful <see cref="Read"/> with <c>alsoWrites</c>.</summary>
    /// <remarks>
    /// The state is as before the writing instruction: its own cycle and retirement are added by the engine afterwards,
    /// and writes to mcycle and minstret allow for that.
    /// </remarks>
    /// <returns>What must be looked at again; nothing for a CSR that ignores writes.</returns>
    public static CsrEffects Write(ref HartState s, int number, ulong value)
    {
        var spec = Find(number);
        return spec?.Write is { } write ? write(ref s, value & spec.WriteMask) : CsrEffects.None;
    }

    private static bool GateIsOpen(in HartState s, CsrSpec spec) => spec.Gate switch
    {
        CsrGate.FloatingPoint => (s.Mstatus & MstatusBits.Fs) != 0,
        CsrGate.Counter => CounterIsEnabled(in s, spec.Number & 31),
        CsrGate.SupervisorTimer => s.Privilege == PrivilegeMode.Machine
            || ((s.Menvcfg & EnvironmentBits.Stce) != 0 && CounterIsEnabled(in s, CsrNumber.Time & 31)),
        CsrGate.AddressTranslation => s.Privilege != PrivilegeMode.Supervisor || (s.Mstatus & MstatusBits.Tvm) == 0,
        _ => true,
    };

    private static bool CounterIsEnabled(in HartState s, int index)
    {
        ulong enabled = s.Privilege switch
        {
            PrivilegeMode.Machine => ulong.MaxValue,
            PrivilegeMode.Supervisor => s.Mcounteren,
            _ => s.Mcounteren & s.Scounteren,
        };
        return (enabled >> index & 1) != 0;
    }

    private static CsrSpec?[] IndexRows()
    {
        var index = new CsrSpec?[0x1000];
        foreach (var row in CsrTable.Rows)
        {
            index[row.Number] = row;
        }

        return index;
    }
}
