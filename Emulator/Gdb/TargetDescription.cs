using System.Globalization;
using System.Text;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Gdb;

/// <summary>
/// What the harts have, as a client reads it: GDB "Target Descriptions", "RISC-V Features". The CSRs are those of
/// <see cref="CsrTable"/>; the feature <c>virtual</c> with the privilege mode is QEMU's, which gdb knows.
/// </summary>
/// <remarks>
/// That no operating system is under the program is said because gdb otherwise takes it for one of Linux and steps by breakpoints at
/// where it expects the next instruction: over <c>ecall</c> it would see nothing of the kernel, and never come back from <c>sret</c>.
/// </remarks>
internal static class TargetDescription
{
    /// <summary>The document, in ASCII.</summary>
    public static ReadOnlyMemory<byte> Xml => s_xml.Value;

    /// <summary>x8, which gdb and QEMU show as <c>fp</c>; <c>s0</c> is the same to gdb.</summary>
    private const int FramePointer = (int)HartRegister.FramePointer;

    private static readonly Lazy<byte[]> s_xml = new(Build);

    private static byte[] Build()
    {
        var xml = new StringBuilder();
        xml.Append("""
            <?xml version="1.0"?>
            <!DOCTYPE target SYSTEM "gdb-target.dtd">
            <target version="1.0">
            <architecture>riscv:rv64</architecture>
            <osabi>none</osabi>
            <feature name="org.gnu.gdb.riscv.cpu">

            """);
        for (int register = 0; register < 32; register++)
        {
            string type = register switch
            {
                1 => "code_ptr",
                2 or 3 or 4 or FramePointer => "data_ptr",
                _ => "int",
            };
            Add(register == FramePointer ? "fp" : RegisterNames.Integer(register), 64, type, register);
        }

        Add("pc", 64, "code_ptr", (int)HartRegister.Pc);
        xml.Append("""
            </feature>
            <feature name="org.gnu.gdb.riscv.fpu">
            <union id="riscv_double">
            <field name="float" type="ieee_single"/>
            <field name="double" type="ieee_double"/>
            </union>

            """);
        for (int register = 0; register < 32; register++)
        {
            Add(RegisterNames.Float(register), 64, "riscv_double", (int)HartRegister.F0 + register);
        }

        foreach (var row in CsrTable.Rows.Where(IsOfFloatingPoint))
        {
            Add(row.Name, 32, "int", GdbRegister.FirstCsr + row.Number);
        }

        xml.Append("</feature>\n<feature name=\"org.gnu.gdb.riscv.virtual\">\n");
        Add("priv", 64, "int", GdbRegister.Privilege);
        xml.Append("</feature>\n<feature name=\"org.gnu.gdb.riscv.csr\">\n");
        foreach (var row in CsrTable.Rows.Where(static row => !IsOfFloatingPoint(row)).OrderBy(static row => row.Number))
        {
            Add(row.Name, 64, "int", GdbRegister.FirstCsr + row.Number);
        }

        xml.Append("</feature>\n</target>\n");
        return Encoding.ASCII.GetBytes(xml.ToString());

        void Add(string name, int bits, string type, int number) => xml.Append(
            CultureInfo.InvariantCulture, $"<reg name=\"{name}\" bitsize=\"{bits}\" type=\"{type}\" regnum=\"{number}\"/>\n");
    }

    /// <summary>gdb wants these three beside the registers that they govern.</summary>
    private static bool IsOfFloatingPoint(CsrSpec row) => row.Number is CsrNumber.Fflags or CsrNumber.Frm or CsrNumber.Fcsr;
}
