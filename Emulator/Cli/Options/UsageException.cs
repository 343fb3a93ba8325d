namespace RiscvXv6.Emulator.Cli.Options;

/// <summary>
/// The person at the keyboard asked for something that can't be done. The message is one line that says what is wrong and
/// what to do; the program prints it and ends with exit code 2.
/// </summary>
internal sealed class UsageException : Exception
{
    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
