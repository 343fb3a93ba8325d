using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Qemu;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>What goes wrong on a cable: <c>netdev=net0,drop=1%,delay=20ms</c>.</summary>
internal static class LinkFaultParser
{
    private const int MostBurstFrames = 1000;

    /// <param name="properties">Of the option.</param>
    /// <param name="netdevId">The cable.</param>
    public static LinkFaultOptions Parse(PropertyList properties, string netdevId)
    {
        properties.Allow("netdev", "drop", "dup", "reorder", "corrupt", "burst", "delay", "rate", "flap", "seed", "direction");
        string option = properties.Option;
        var (flap, down) = Flap($"{option}: flap", properties.Get("flap"));
        var faults = new LinkFaultOptions(netdevId)
        {
            DropPerMillion = Chance("drop"),
            DuplicatePerMillion = Chance("dup"),
            ReorderPerMillion = Chance("reorder"),
            CorruptPerMillion = Chance("corrupt"),
            BurstFrames = properties.Get("burst") is { } burst
                ? OptionValues.Whole($"{option}: burst", burst, 1, MostBurstFrames)
                : 1,
            DelayNanoseconds = properties.Get("delay") is { } delay ? NetworkValues.Nanoseconds($"{option}: delay", delay) : 0,
            RateBitsPerSecond = properties.Get("rate") is { } rate ? NetworkValues.BitsPerSecond($"{option}: rate", rate) : 0,
            FlapPeriodNanoseconds = flap,
            FlapDownNanoseconds = down,
            Seed = properties.Get("seed") is { } seed ? OptionValues.Seed($"{option}: seed", seed) : 0,
            Direction = properties.Get("direction") switch
            {
                null or "both" => LinkDirection.Both,
                "tx" => LinkDirection.Transmit,
                "rx" => LinkDirection.Receive,
                { } other => throw new UsageException(
                    $"{option}: direction={OptionValues.Quote(other)} is not one; choose tx, rx or both, as the guest sees it"),
            },
        };
        return faults.BurstFrames == 1 || faults.DropPerMillion > 0
            ? faults
            : throw new UsageException($"{option}: burst= says how losses come together; give drop= too");

        int Chance(string name) => properties.Get(name) is { } text ? NetworkValues.Chance($"{option}: {name}", text) : 0;
    }

    /// <summary><c>PERIOD/DOWN</c>, or <c>PERIOD</c> of which a tenth is down.</summary>
    private static (ulong Period, ulong Down) Flap(string option, string? text)
    {
        if (text is null)
        {
            return (0, 0);
        }

        int slash = text.IndexOf('/');
        ulong period = NetworkValues.Nanoseconds(option, slash < 0 ? text : text[..slash]);
        ulong down = slash < 0 ? period / 10 : NetworkValues.Nanoseconds(option, text[(slash + 1)..]);
        return down > 0 && down < period
            ? (period, down)
            : throw new UsageException($"{option}: {OptionValues.Quote(text)}: the time that the cable is out is none, or all; write 10s/1s");
    }
}
