namespace RiscvXv6.Emulator.Cli;

/// <summary>What <c>--version</c> prints.</summary>
internal static class VersionText
{
    /// <summary>Equal to the assembly's version; a constant, so that asking for it loads nothing.</summary>
    public const string Version = "0.1.0";

    /// <summary>
    /// xv6's 2025 Makefile takes X.Y of "QEMU emulator version X.Y.Z" and wants 7.2 or more.
    /// </summary>
    public const string FirstLine =
        $"QEMU emulator version 9.2.0 (command-line compatible; RiscvXv6 {Version})";

    public const string Full = FirstLine + "\nRiscvXv6 is a RISC-V machine of its own; QEMU is another program.\n";
}
