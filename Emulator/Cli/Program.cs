namespace RiscvXv6.Emulator.Cli;

internal static class Program
{
    private static int Main()
    {
        Console.Error.WriteLine("riscvxv6: the machine is not assembled yet");
        return 2;
    }
}
