namespace RiscvXv6.Tests.Differential;

/// <summary>Where everything lies in the RAM of both machines, and the fields of a program's context page.</summary>
internal static class Layout
{
    public const ulong RamBase = 0x8000_0000;

    /// <summary>More than is compared: QEMU keeps its device tree near the end.</summary>
    public const ulong RamBytes = 64UL << 20;

    public const ulong PageBytes = 0x1000;

    /// <summary>A page of <c>ecall</c>s, the only trap handler that S-mode has.</summary>
    public const ulong SupervisorStub = RamBase + 0x3_F000;

    public const ulong SupervisorStubBytes = 64;

    /// <summary>Where the harness leaves a mark before it powers off.</summary>
    public const ulong DoneMark = RamBase + 0x3_E000;

    /// <summary>What is at <see cref="DoneMark"/> once every program has run.</summary>
    public const ulong DoneValue = 0x646f_6e65;

    public const int MaxPrograms = 384;

    public const ulong CodeArena = RamBase + 0x10_0000;
    public const ulong ContextArena = RamBase + 0x30_0000;
    public const ulong LogArena = RamBase + 0x50_0000;
    public const ulong DataArena = RamBase + 0x100_0000;

    public const ulong LogBytes = 0x2000;
    public const int TrapRecordBytes = 64;
    public const int MaxTraps = 120;

    public const int DataPages = 4;
    public const int TablePages = 12;

    /// <summary>Data pages, then page tables.</summary>
    public const ulong DataBytes = (DataPages + TablePages) * PageBytes;

    public const ulong DataArenaEnd = DataArena + MaxPrograms * DataBytes;

    /// <summary>An address that nothing answers at, on either machine.</summary>
    public const ulong Hole = 0x0800_0000;

    public static ulong Code(int program) => CodeArena + (ulong)program * PageBytes;

    public static ulong Context(int program) => ContextArena + (ulong)program * PageBytes;

    public static ulong Log(int program) => LogArena + (ulong)program * LogBytes;

    public static ulong Data(int program) => DataArena + (ulong)program * DataBytes;

    public static ulong Tables(int program) => Data(program) + DataPages * PageBytes;

    /// <summary>Offsets in a context page; all within reach of a load's immediate.</summary>
    public static class Field
    {
        /// <summary>Four registers that the trap handler borrows.</summary>
        public const int Saved = 0x00;

        public const int LogPointer = 0x20;
        public const int TrapCount = 0x28;
        public const int TrapLimit = 0x30;
        public const int CodePhysical = 0x38;
        public const int CodeVirtual = 0x40;

        /// <summary>A trap from this offset of the code page, or a later one, ends the program.</summary>
        public const int EndOffset = 0x48;

        /// <summary>Two bits for each trap: the mode in which an <c>ecall</c> continues.</summary>
        public const int EcallModes = 0x50;

        /// <summary>Whether an <c>ecall</c> changes the mode at all.</summary>
        public const int EcallSwitches = 0x58;

        public const int StubVirtual = 0x60;
        public const int Handler = 0x68;
        public const int Entry = 0x70;
        public const int Finished = 0x78;
        public const int InitialX = 0x80;
        public const int InitialF = 0x180;
        public const int InitialCsrs = 0x280;
        public const int FinalX = 0x400;
        public const int FinalF = 0x500;
        public const int FinalCsrs = 0x600;

        /// <summary>Instructions that the program itself retired, and minstret when it last went on.</summary>
        public const int Retired = 0x780;
        public const int RetiredMark = 0x788;
    }
}
