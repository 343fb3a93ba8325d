using System.Globalization;
using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Qemu;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>What goes wrong on a cable: <c>drop=1%,delay=20ms</c>.</summary>
internal static class LinkFaultParser
{
    public static readonly string[] Properties =
    [
        "netdev", "direction", "seed", "drop", "burst", "dup", "corrupt", "bad-fcs", "reorder", "reorder-by", "delay", "jitter", "rate",
        "queue", "flap",
    ];

    private const int MostBurstFrames = 1000;
    private const int MostReorderFrames = 100;
    private const int MostQueueBytes = 1 << 30;

    public static FaultOptions Parse(PropertyList properties)
    {
        properties.Allow(Properties);
        string option = properties.Option;
        var faults = Direction(properties);
        var (every, down) = Flap($"{option}: flap", properties.Get("flap"));
        string direction = properties.Get("direction") ?? "both";
        if (direction is not ("both" or "tx" or "rx"))
        {
            throw new UsageException($"{option}: direction={OptionValues.Quote(direction)} is not one; "
                + "choose tx, rx or both, as the guest sees it");
        }

        return new FaultOptions
        {
            Seed = properties.Get("seed") is { } seed ? OptionValues.Seed($"{option}: seed", seed) : 1,
            ToNetwork = direction == "rx" ? new DirectionFaults() : faults,
            ToCard = direction == "tx" ? new DirectionFaults() : faults,
            FlapEveryNanoseconds = every,
            FlapDownNanoseconds = down,
        };
    }

    private static DirectionFaults Direction(PropertyList properties)
    {
        string option = properties.Option;
        var usual = new DirectionFaults();
        if (properties.Get("burst") is not null && properties.Get("drop") is null)
        {
            throw new UsageException($"{option}: burst= says how many are lost in a row; give drop= too");
        }

        return usual with
        {
            Drop = Chance("drop"),
            BurstFrames = properties.Get("burst") is { } burst ? Burst($"{option}: burst", burst) : usual.BurstFrames,
            Duplicate = Chance("dup"),
            Corrupt = Chance("corrupt"),
            BadFcs = Chance("bad-fcs"),
            Reorder = Chance("reorder"),
            ReorderFrames = properties.Get("reorder-by") is { } frames
                ? OptionValues.Whole($"{option}: reorder-by", frames, 1, MostReorderFrames)
                : usual.ReorderFrames,
            DelayNanoseconds = Time("delay"),
            JitterNanoseconds = Time("jitter"),
            RateBitsPerSecond = properties.Get("rate") is { } rate ? NetworkValues.BitsPerSecond($"{option}: rate", rate) : 0,
            RateQueueBytes = properties.Get("queue") is { } queue
                ? OptionValues.Whole($"{option}: queue", queue, 1, MostQueueBytes)
                : usual.RateQueueBytes,
        };

        Probability Chance(string name) =>
            properties.Get(name) is not { } text ? default
            : Probability.TryParse(text, out var chance) ? chance
            : throw new UsageException($"{option}: {name}: {OptionValues.Quote(text)} is not a chance; write 1%, 0.01 or 250ppm");

        ulong Time(string name) => properties.Get(name) is { } text ? NetworkValues.Nanoseconds($"{option}: {name}", text) : 0;
    }

    private static double Burst(string option, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double frames)
        && frames is >= 1 and <= MostBurstFrames
            ? frames
            : throw new UsageException($"{option}: {OptionValues.Quote(text)} is not a number from 1 to {MostBurstFrames}");

    /// <summary><c>EVERY/DOWN</c>, or <c>EVERY</c> alone.</summary>
    private static (ulong Every, ulong Down) Flap(string option, string? text)
    {
        ulong usual = new FaultOptions().FlapDownNanoseconds;
        if (text is null)
        {
            return (0, usual);
        }

        int slash = text.IndexOf('/');
        ulong every = NetworkValues.Nanoseconds(option, slash < 0 ? text : text[..slash]);
        ulong down = slash < 0 ? usual : NetworkValues.Nanoseconds(option, text[(slash + 1)..]);
        return every > 0 && down > 0
            ? (every, down)
            : throw new UsageException($"{option}: {OptionValues.Quote(text)}: no time at all; write 10s/1s: "
                + "up for some ten seconds, down for one");
    }
}
