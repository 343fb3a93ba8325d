using System.Text;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Scripts;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>The values that <c>${name}</c> stands for, and which of them somebody used.</summary>
internal sealed class ScriptVariables(IEnumerable<ScriptVariable> variables)
{
    /// <summary>A value that values fill may not grow beyond this.</summary>
    private const int LongestText = 64 * 1024;

    private readonly Dictionary<string, string> _values = variables.ToDictionary(static v => v.Name, static v => v.Value);
    private readonly HashSet<string> _used = [];

    public bool IsUsed(string name) => _used.Contains(name);

    public bool TryTake(string name, out string value)
    {
        if (!_values.TryGetValue(name, out value!))
        {
            return false;
        }

        _used.Add(name);
        return true;
    }

    /// <summary>The text with its variables filled in; <c>$${</c> is <c>${</c> itself.</summary>
    public string Expand(YamlValue.Scalar scalar)
    {
        string text = scalar.Text;
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            return text;
        }

        var expanded = new StringBuilder();
        for (int at = 0; at < text.Length;)
        {
            if (text.AsSpan(at).StartsWith("$${"))
            {
                expanded.Append("${");
                at += 3;
                continue;
            }

            if (!text.AsSpan(at).StartsWith("${"))
            {
                expanded.Append(text[at++]);
                continue;
            }

            int end = text.IndexOf('}', at);
            if (end < 0)
            {
                throw new ScriptException(scalar.Place, "a ${ is not closed; add }, or write $${ if it is meant as it stands");
            }

            string name = text[(at + 2)..end];
            if (!TryTake(name, out string value))
            {
                throw new ScriptException(
                    scalar.Place,
                    $"no variable {OptionValues.Quote(name)}{NearestName.Suggest(name, _values.Keys)}; "
                    + (_values.Count == 0 ? "matrix: gives variables their values" : $"there are {string.Join(", ", _values.Keys)}"));
            }

            expanded.Append(value);
            at = end + 1;
            if (expanded.Length > LongestText)
            {
                throw new ScriptException(scalar.Place, "is too long with its variables filled in");
            }
        }

        return expanded.ToString();
    }
}
