using System.Diagnostics;
using System.Globalization;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cpu.Float;

/// <summary>One instruction to execute, the registers it starts from, and what f or x register and fcsr it should leave.</summary>
internal readonly record struct FloatVector(
    int Instruction, ulong Fcsr, ulong A, ulong B, ulong C, ulong ExpectedResult, ulong ExpectedFcsr);

/// <summary>What QEMU's hart made of a vector that it did not do as expected.</summary>
internal readonly record struct FloatMismatch(ulong Index, ulong Result, ulong Fcsr);

/// <summary>
/// A bare-metal guest for QEMU's virt board that executes real floating-point instructions on vectors laid into memory, and
/// writes to the UART, in hexadecimal, the first mismatches and then how many vectors it did and how many differed.
/// </summary>
internal sealed class QemuFloatGuest : IDisposable
{
    private const int TimeoutMilliseconds = 60_000;

    /// <summary>Before the table of instructions under test, each followed by ret: eight bytes an entry.</summary>
    private const string Program = """
            .option norvc
            .globl  _start
        _start:
            li      t0, 3 << 13             # mstatus.FS: dirty
            csrs    mstatus, t0
            li      s0, 0x82000000          # the vectors: a count, then seven doublewords each
            li      s7, 0x10000000          # the UART
            ld      s1, 0(s0)
            addi    s0, s0, 8
            li      s2, 0                   # done
            li      s3, 0                   # differing
        next:
            beq     s2, s1, finish
            ld      t0, 0(s0)
            slli    t0, t0, 3
            la      t1, instructions
            add     t0, t0, t1
            ld      t1, 8(s0)
            csrw    fcsr, t1
            ld      a0, 16(s0)
            fmv.d.x fa0, a0
            ld      t1, 24(s0)
            fmv.d.x fa1, t1
            ld      t1, 32(s0)
            fmv.d.x fa2, t1
            li      a3, 0                   # the result goes to one of a3 and fa3
            fmv.d.x fa3, zero
            jalr    t0
            csrr    s4, fcsr
            fmv.x.d s5, fa3
            or      s5, s5, a3
            ld      t0, 40(s0)
            bne     s5, t0, differs
            ld      t0, 48(s0)
            bne     s4, t0, differs
        advance:
            addi    s2, s2, 1
            addi    s0, s0, 56
            j       next
        differs:
            addi    s3, s3, 1
            li      t0, 16
            bltu    t0, s3, advance
            mv      a1, s2
            li      a2, ' '
            call    print
            mv      a1, s5
            call    print
            mv      a1, s4
            li      a2, '\n'
            call    print
            j       advance
        finish:
            mv      a1, s2
            li      a2, ' '
            call    print
            mv      a1, s3
            li      a2, '\n'
            call    print
            li      t0, 0x100000            # the finisher: power off
            li      t1, 0x5555
            sw      t1, 0(t0)
        stop:
            j       stop
        print:                              # a1 in hexadecimal, then the character a2
            li      t0, 16
        digit:
            srli    t1, a1, 60
            slli    a1, a1, 4
            li      t2, 10
            bltu    t1, t2, decimal
            addi    t1, t1, 'a' - '0' - 10
        decimal:
            addi    t1, t1, '0'
            sb      t1, 0(s7)
            addi    t0, t0, -1
            bnez    t0, digit
            sb      a2, 0(s7)
            ret
            .balign 8
        instructions:

        """;

    private readonly string _assembler = Requirement.Tool("riscv64-unknown-elf-as", "binutils-riscv64-unknown-elf");
    private readonly string _linker = Requirement.Tool("riscv64-unknown-elf-ld", "binutils-riscv64-unknown-elf");
    private readonly string _qemu = Requirement.Tool("qemu-system-riscv64", "qemu-system-misc");
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("riscvxv6-float-");

    /// <summary>Assembles the guest with these instructions: operands in fa0 to fa2 or a0, the result in fa3 or a3.</summary>
    public QemuFloatGuest(IEnumerable<string> instructions)
    {
        File.WriteAllText(PathOf("guest.s"), Program + string.Concat(instructions.Select(text => $"    {text}\n    ret\n")));
        Run(_assembler, "-march=rv64imafd_zicsr", "-mabi=lp64d", "-o", PathOf("guest.o"), PathOf("guest.s"));
        Run(_linker, "-Ttext=0x80000000", "-o", PathOf("guest.elf"), PathOf("guest.o"));
    }

    /// <summary>Runs the vectors. Returns how many were done, how many differed, and the first 16 of those.</summary>
    public (int Done, int Differing, IReadOnlyList<FloatMismatch> First) Execute(IReadOnlyList<FloatVector> vectors)
    {
        using (BinaryWriter writer = new(File.Create(PathOf("vectors.bin"))))
        {
            writer.Write((ulong)vectors.Count);
            foreach (FloatVector vector in vectors)
            {
                writer.Write((ulong)vector.Instruction);
                writer.Write(vector.Fcsr);
                writer.Write(vector.A);
                writer.Write(vector.B);
                writer.Write(vector.C);
                writer.Write(vector.ExpectedResult);
                writer.Write(vector.ExpectedFcsr);
            }
        }

        string output = Run(
            _qemu, "-machine", "virt", "-m", "256M", "-bios", "none", "-kernel", PathOf("guest.elf"),
            "-device", $"loader,file={PathOf("vectors.bin")},addr=0x82000000,force-raw=on",
            "-display", "none", "-monitor", "none", "-serial", "stdio");

        ulong[][] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Hex).ToArray())];
        return ((int)lines[^1][0], (int)lines[^1][1],
            [.. lines[..^1].Select(line => new FloatMismatch(line[0], line[1], line[2]))]);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static ulong Hex(string digits) =>
        ulong.Parse(digits.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Run(string tool, params string[] arguments)
    {
        ProcessStartInfo start = new(tool, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeoutMilliseconds))
        {
            process.Kill();
            throw new InvalidOperationException($"{tool} did not end within {TimeoutMilliseconds / 1000} seconds");
        }

        return process.ExitCode == 0
            ? output.GetAwaiter().GetResult()
            : throw new InvalidOperationException($"{tool} failed: {errors.GetAwaiter().GetResult()}");
    }

    private string PathOf(string name) => Path.Combine(_directory.FullName, name);
}
