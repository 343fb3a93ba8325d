namespace RiscvXv6.Emulator.Cli;

/// <summary>What the program tells its caller. A guest's own failure code goes through unchanged where it fits.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The machine itself could not go on.</summary>
    public const int MachineError = 1;

    /// <summary>The command line, or a file that it names, can't be used; no machine was started.</summary>
    public const int BadCommandLine = 2;

    /// <summary>The host keeps eight bits; a failure stays one.</summary>
    public static int OfGuest(int code) => code == 0 || (code & 0xff) != 0 ? code & 0xff : MachineError;
}
