using System.Globalization;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Options;

/// <summary>
/// Texts that options take, turned into checked values. Every method names the option in its complaint, so that the reader
/// knows where to look.
/// </summary>
internal static class OptionValues
{
    /// <summary>Bytes from <c>128M</c>, <c>1G</c>, <c>1.5G</c>, or a plain number of MiB.</summary>
    public static ulong Memory(string option, string text)
    {
        const string Hint = "write it as 128M or 1G, or as a plain number of MiB";
        string digits = text;
        ulong unit = 1UL << 20;
        if (text.Length > 0 && !char.IsAsciiDigit(text[^1]))
        {
            unit = char.ToUpperInvariant(text[^1]) switch
            {
                'B' => 1,
                'K' => 1UL << 10,
                'M' => 1UL << 20,
                'G' => 1UL << 30,
                'T' => 1UL << 40,
                _ => throw new UsageException($"{option}: {Quote(text)} is not a memory size; {Hint}"),
            };
            digits = text[..^1];
        }

        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            || digits.Length > 20)
        {
            throw new UsageException($"{option}: {Quote(text)} is not a memory size; {Hint}");
        }

        decimal limit = MachineOptions.MaxMemoryBytes;
        if (number > limit || number * unit > limit)
        {
            throw new UsageException(
                $"{option}: {text} is more than this machine can have ({MachineOptions.MaxMemoryBytes >> 30} GiB); ask for less");
        }

        ulong bytes = (ulong)(number * unit);
        if (bytes < MachineOptions.MinMemoryBytes)
        {
            throw new UsageException($"{option}: {text} is too little; the least is 1M ({Hint})");
        }

        return bytes % 4096 == 0
            ? bytes
            : throw new UsageException($"{option}: {text} is not a whole number of 4 KiB pages; round it to a multiple of 4K");
    }

    /// <summary>Where the monitor is, in QEMU's words.</summary>
    public static MonitorPlace Monitor(string option, string text) => text switch
    {
        "mon:stdio" => MonitorPlace.WithConsole,
        "stdio" => MonitorPlace.Stdio,
        "none" or "null" => MonitorPlace.None,
        _ => throw new UsageException($"{option}: {Quote(text)} is not supported; use mon:stdio (Ctrl-A c), stdio, or none"),
    };

    /// <summary>A number of harts, 1 to 8.</summary>
    public static int Harts(string option, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int harts)
        && harts is >= 1 and <= MachineOptions.MaxHarts
            ? harts
            : throw new UsageException($"{option}: {Quote(text)} is not a number of harts; choose 1 to {MachineOptions.MaxHarts}");

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public static int Whole(string option, string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max
            ? value
            : throw new UsageException($"{option}: {Quote(text)} is not a number from {min} to {max}");

    /// <summary>A seed: decimal, or hexadecimal after <c>0x</c>.</summary>
    public static ulong Seed(string option, string text)
    {
        bool parsed = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong seed)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
        return parsed ? seed : throw new UsageException($"{option}: {Quote(text)} is not a seed; write a whole number, 0 or more");
    }

    /// <summary>QEMU's booleans: on, off, and their synonyms.</summary>
    public static bool Switch(string option, string text) =>
        text switch
        {
            "on" or "yes" or "true" or "y" => true,
            "off" or "no" or "false" or "n" => false,
            _ => throw new UsageException($"{option}: {Quote(text)} is neither on nor off"),
        };

    public static Pace Pace(string option, string text) =>
        text switch
        {
            "realtime" => Machine.Pace.Realtime,
            "virtual" => Machine.Pace.Virtual,
            "strict" => Machine.Pace.Strict,
            _ => throw new UsageException($"{option}: {Quote(text)} is not a pace; choose realtime, virtual or strict"
                + NearestName.Suggest(text, ["realtime", "virtual", "strict"])),
        };

    /// <summary>Nanoseconds since 1970 from <c>utc</c>, <c>localtime</c> or a date such as 2006-06-17T16:01:21 (UTC).</summary>
    public static ulong RtcBase(string option, string text, HostFacts host)
    {
        switch (text)
        {
            case "utc":
                return host.UtcNanoseconds;
            case "localtime":
                return host.LocalNanoseconds;
        }

        string[] formats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss"];
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTime.TryParseExact(text, formats, CultureInfo.InvariantCulture, Styles, out DateTime date)
            || date < DateTime.UnixEpoch || date.Year > 2500)
        {
            throw new UsageException(
                $"{option}: {Quote(text)} is not a date; write utc, localtime, 2026-01-31 or 2026-01-31T12:00:00");
        }

        return (ulong)(date - DateTime.UnixEpoch).Ticks * 100;
    }

    /// <summary>Items of <c>-d</c>, separated by commas.</summary>
    public static LogItems Items(string option, string text)
    {
        var items = LogItems.None;
        foreach (string item in text.Split(','))
        {
            items |= item switch
            {
                "unimp" => LogItems.Unimplemented,
                "guest_errors" => LogItems.GuestErrors,
                "int" => LogItems.Interrupts,
                "in_asm" => LogItems.Instructions,
                _ => throw new UsageException($"{option}: no log item {Quote(item)}; there are {LogItemNames}"
                    + NearestName.Suggest(item, LogItemNames.Split(", "))),
            };
        }

        return items;
    }

    private const string LogItemNames = "unimp, guest_errors, int, in_asm";

    /// <summary>Somebody's text inside a message: in quotes, on one line, not endless.</summary>
    public static string Quote(string text)
    {
        const int Longest = 80;
        string shown = text.Length > Longest ? text[..Longest] + "…" : text;
        return $"'{string.Concat(shown.Select(static c => char.IsControl(c) ? '?' : c))}'";
    }
}
