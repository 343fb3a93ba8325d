namespace RiscvXv6.Tests.Support;

/// <summary>A program in which several harts get in each other's way as often as they can.</summary>
internal static class BusyGuest
{
    /// <summary>The counter that all harts add to; 64 bytes on is another one, under LR and SC.</summary>
    public const ulong Shared = BareMachine.RamBase + 0x2000;

    /// <summary>
    /// Each hart counts in memory by AMO and by LR/SC, logs the cycle at which it did, draws on timers and software
    /// interrupts to its neighbour, prints, and sleeps.
    /// </summary>
    public static Program Program
    {
        get
        {
            var program = new Program();
            program.ReadCsr(5, 0xf14).Constant(6, Shared).Constant(7, BareMachine.Clint).Constant(8, BareMachine.Uart)
                .Add("slli", rd: 9, rs1: 5, immediate: 3).Add("add", rd: 9, rs1: 9, rs2: 7)
                .Add("slli", rd: 18, rs1: 5, immediate: 10).Add("add", rd: 18, rs1: 18, rs2: 6)
                .Add("addi", rd: 18, rs1: 18, immediate: 1024)
                .Constant(19, 0x4000).Add("add", rd: 9, rs1: 9, rs2: 19)
                .Address(10, "handler").WriteCsr(0x305, 10)
                .Constant(11, 0x88).WriteCsr(0x304, 11).Add("csrrsi", rs1: 8, immediate: 0x300);
            program.Label("loop")
                .Constant(11, 1).Add("amoadd.d", rd: 12, rs1: 6, rs2: 11)
                .Add("addi", rd: 20, rs1: 6, immediate: 64)
                .Label("retry").Add("lr.d", rd: 13, rs1: 20).Add("addi", rd: 13, rs1: 13, immediate: 3)
                .Add("sc.d", rd: 14, rs1: 20, rs2: 13).Branch("bne", 14, 0, "retry")
                .ReadCsr(15, 0xb00).Add("andi", rd: 16, rs1: 12, immediate: 0x3f)
                .Add("slli", rd: 16, rs1: 16, immediate: 3).Add("add", rd: 16, rs1: 16, rs2: 18)
                .Add("sd", rs1: 16, rs2: 15)
                .Add("andi", rd: 17, rs1: 12, immediate: 0xff).Branch("bne", 17, 0, "loop")
                .Add("addi", rd: 17, immediate: 'x').Add("sb", rs1: 8, rs2: 17)
                .Add("lbu", rd: 17, rs1: 8, immediate: 5)
                .Add("wfi").Jump("loop");
            program.PadTo((program.Here + 3) & ~3UL).Label("handler")
                .Add("csrrw", rd: 31, rs1: 31, immediate: 0x340)
                .ReadCsr(30, 0x342).Add("addi", rd: 21, rs1: 21, immediate: 1)
                .Add("ld", rd: 30, rs1: 9).Constant(29, 37).Add("add", rd: 30, rs1: 30, rs2: 29)
                .Add("sd", rs1: 9, rs2: 30)
                .Add("slli", rd: 28, rs1: 5, immediate: 2).Add("add", rd: 28, rs1: 28, rs2: 7).Add("sw", rs1: 28)
                .Add("csrrw", rd: 31, rs1: 31, immediate: 0x340).Add("mret");
            return program;
        }
    }
}
