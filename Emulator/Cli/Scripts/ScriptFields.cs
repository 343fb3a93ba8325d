using System.Globalization;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Scripts;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>A mapping that is read key by key; what nobody took is a mistake.</summary>
internal sealed class ScriptFields
{
    private readonly YamlValue.Mapping _mapping;
    private readonly string _what;
    private readonly HashSet<string> _taken = [];
    private readonly List<string> _known = [];

    /// <param name="value">What should be a mapping.</param>
    /// <param name="what">As complaints call it.</param>
    /// <param name="variables">For its values.</param>
    public ScriptFields(YamlValue value, string what, ScriptVariables variables)
    {
        _mapping = value as YamlValue.Mapping
            ?? throw new ScriptException(value.Place, $"{what} is {value.Kind}; it must be a mapping: key: value");
        _what = what;
        Variables = variables;
    }

    public ScriptVariables Variables { get; }

    public ScriptPlace Place => _mapping.Place;

    /// <summary>A key and its value, or null.</summary>
    public YamlEntry? Take(string name)
    {
        _known.Add(name);
        _taken.Add(name);
        return _mapping.Entries.FirstOrDefault(entry => entry.Key.Text == name);
    }

    /// <summary>A text with something in it, or null if the key is not there.</summary>
    public (ScriptPlace Place, string Text)? TakeText(string name) =>
        Take(name) is { } entry ? (entry.Value.Place, Text(name, entry.Value, Variables)) : null;

    /// <summary>A whole number, or null if the key is not there.</summary>
    public int? TakeWhole(string name, int min, int max) => Take(name) is { } entry ? Whole(name, entry.Value, Variables, min, max) : null;

    /// <summary>Complains about a key that is none.</summary>
    public void RefuseOthers()
    {
        foreach (var (key, _) in _mapping.Entries)
        {
            if (!_taken.Contains(key.Text))
            {
                string advice = NearestName.Find(key.Text, _known) is { } near
                    ? $"did you mean '{near}'?"
                    : $"there {(_known.Count == 1 ? "is" : "are")} {string.Join(", ", _known)}";
                throw new ScriptException(key.Place, $"{_what} has no key {OptionValues.Quote(key.Text)}; {advice}");
            }
        }
    }

    /// <summary>A text with something in it.</summary>
    public static string Text(string name, YamlValue value, ScriptVariables variables)
    {
        if (value is not YamlValue.Scalar scalar)
        {
            throw new ScriptException(value.Place, $"{name}: is {value.Kind}; write a text");
        }

        string text = scalar.IsNothing ? "" : variables.Expand(scalar);
        return text.Length > 0
            ? text
            : throw new ScriptException(value.Place, $"{name}: is empty; write a text");
    }

    public static int Whole(string name, YamlValue value, ScriptVariables variables, int min, int max)
    {
        string text = Text(name, value, variables);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : throw new ScriptException(value.Place, $"{name}: {OptionValues.Quote(text)} is not a number from {min} to {max}");
    }

    /// <summary>One text, or a list of them.</summary>
    public static IEnumerable<(ScriptPlace Place, string Text)> Texts(string name, YamlValue value, ScriptVariables variables) =>
        value is YamlValue.Sequence sequence
            ? sequence.Items.Select(item => (item.Place, Text(name, item, variables)))
            : [(value.Place, Text(name, value, variables))];
}
