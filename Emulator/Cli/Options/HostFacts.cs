namespace RiscvXv6.Emulator.Cli.Options;

/// <summary>
/// What the meaning of a command line takes from the host. Asked once, before the machine exists, so that the options say
/// all and a run can be repeated from them.
/// </summary>
/// <param name="IsTerminal">Somebody sits at standard input: the pace is realtime unless chosen.</param>
/// <param name="UtcNanoseconds">Since 1970.</param>
/// <param name="LocalNanoseconds">The same, as the local clock on the wall shows it.</param>
internal sealed record HostFacts(bool IsTerminal, ulong UtcNanoseconds, ulong LocalNanoseconds)
{
    public static HostFacts Ask()
    {
#pragma warning disable RS0030 // The one place where the host's date enters: as an option's value.
        DateTimeOffset now = DateTimeOffset.Now;
#pragma warning restore RS0030
        long sinceEpoch = (now.UtcDateTime - DateTime.UnixEpoch).Ticks;
        return new HostFacts(
            !Console.IsInputRedirected,
            (ulong)Math.Max(0, sinceEpoch) * 100,
            (ulong)Math.Max(0, sinceEpoch + now.Offset.Ticks) * 100);
    }
}
