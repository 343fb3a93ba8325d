using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Scripts;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>Values of scripts: times, patterns, ranges.</summary>
internal static class ScriptValues
{
    private const string HostPrefix = "host ";

    /// <summary>The most values of one variable.</summary>
    private const int MostValues = 10_000;

    /// <summary>A time of the guest's clock.</summary>
    public static ulong Nanoseconds(string name, ScriptPlace place, string text)
    {
        try
        {
            return NetworkValues.Nanoseconds(name, text);
        }
        catch (UsageException e)
        {
            throw new ScriptException(place, e.Message);
        }
    }

    /// <summary><c>10s</c>, <c>host 60s</c>, or both; what is not said is as before.</summary>
    public static ScriptLimit Limit(YamlEntry entry, ScriptVariables variables, ScriptLimit usual)
    {
        const string Name = "within";
        var limit = usual;
        foreach (var (place, text) in ScriptFields.Texts(Name, entry.Value, variables))
        {
            foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
            {
                if (part.StartsWith(HostPrefix, StringComparison.Ordinal))
                {
                    ulong nanoseconds = Nanoseconds(Name, place, part[HostPrefix.Length..].Trim());
                    limit = limit with { HostSeconds = (int)Math.Max(1, (nanoseconds + 999_999_999) / 1_000_000_000) };
                }
                else
                {
                    limit = limit with { GuestNanoseconds = Nanoseconds(Name, place, part) };
                }
            }
        }

        return limit;
    }

    /// <summary>A text, or <c>regex: …</c>.</summary>
    public static ScriptPattern Pattern(string name, YamlValue value, ScriptVariables variables)
    {
        if (value is not YamlValue.Mapping)
        {
            return ScriptPattern.Literal(ScriptFields.Text(name, value, variables));
        }

        var fields = new ScriptFields(value, name, variables);
        var text = fields.TakeText("regex");
        fields.RefuseOthers();
        if (text is not { } regex)
        {
            throw new ScriptException(value.Place, $"{name}: is empty; write a text, or {{regex: '…'}}");
        }

        return ScriptPattern.TryParseRegex(regex.Text, out var pattern, out string error)
            ? pattern!
            : throw new ScriptException(
                regex.Place, $"{name}: {OptionValues.Quote(regex.Text)} is not a regular expression: {OneLine(error)}");
    }

    /// <summary>One pattern, or a list.</summary>
    public static ImmutableArray<ScriptPattern> Patterns(string name, YamlValue value, ScriptVariables variables)
    {
        if (value is not YamlValue.Sequence sequence)
        {
            return [Pattern(name, value, variables)];
        }

        return sequence.Items.IsEmpty
            ? throw new ScriptException(value.Place, $"{name}: is an empty list; write a text")
            : [.. sequence.Items.Select(item => Pattern(name, item, variables))];
    }

    /// <summary>The values of a variable: <c>1..8</c>, <c>1..60:3</c>, or a text that is its only one.</summary>
    /// <param name="error">Of a range; empty if there is none.</param>
    public static ImmutableArray<string> Range(string text, out string error)
    {
        error = "";
        int dots = text.IndexOf("..", StringComparison.Ordinal);
        int colon = text.IndexOf(':', Math.Max(0, dots));
        string last = dots < 0 ? "" : text[(dots + 2)..(colon < 0 ? text.Length : colon)];
        if (dots <= 0 || !TryWhole(text[..dots], out int from) || !TryWhole(last, out int to)
            || !TryWhole(colon < 0 ? "1" : text[(colon + 1)..], out int by))
        {
            return [text];
        }

        if (from > to || by == 0 || (to - from) / by >= MostValues)
        {
            error = $"{OptionValues.Quote(text)} is not a range of up to {MostValues} numbers; write 1..8, or 1..60:3 for every third";
            return [];
        }

        var values = ImmutableArray.CreateBuilder<string>();
        for (long value = from; value <= to; value += by)
        {
            values.Add(value.ToString(CultureInfo.InvariantCulture));
        }

        return values.ToImmutable();

        static bool TryWhole(string digits, out int value) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>What a step types.</summary>
    public static ImmutableArray<byte> Bytes(string text) => [.. Encoding.UTF8.GetBytes(text)];

    private static string OneLine(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));
}
