using System.Text;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Qemu;

/// <summary>
/// QEMU's <c>first,name=value,…</c>: a doubled comma is a comma of the value, a name without a value means <c>on</c>, and
/// of two equal names the later counts.
/// </summary>
internal sealed class PropertyList
{
    private readonly List<(string Name, string Value)> _properties = [];

    private PropertyList(string option) => Option = option;

    /// <summary>As messages call the option, with its dash.</summary>
    public string Option { get; }

    /// <param name="option">Named in complaints.</param>
    /// <param name="text">What followed the option.</param>
    /// <param name="impliedName">The name of a first element that has none of its own.</param>
    public static PropertyList Parse(string option, string text, string? impliedName)
    {
        var list = new PropertyList(option);
        bool isFirst = true;
        foreach (string element in Elements(text))
        {
            int equals = element.IndexOf('=');
            if (isFirst && impliedName is not null && equals < 0)
            {
                list._properties.Add((impliedName, element));
            }
            else if (element.Length > 0)
            {
                list._properties.Add(equals < 0 ? (element, "on") : (element[..equals], element[(equals + 1)..]));
            }

            isFirst = false;
        }

        return list;
    }

    public IEnumerable<string> Names => _properties.Select(property => property.Name);

    /// <summary>The value of the last property of that name, or null.</summary>
    public string? Get(string name)
    {
        int index = _properties.FindLastIndex(property => property.Name == name);
        return index < 0 ? null : _properties[index].Value;
    }

    /// <summary>The values of all properties of that name, in order: of some, each counts.</summary>
    public IEnumerable<string> All(string name) => _properties.Where(property => property.Name == name).Select(property => property.Value);

    /// <summary>As <see cref="Get"/>; its absence is the user's error.</summary>
    public string Require(string name, string hint) =>
        Get(name) is { Length: > 0 } value ? value : throw new UsageException($"{Option}: {name}= is missing; {hint}");

    /// <summary>Refuses names that are not known.</summary>
    public void Allow(params ReadOnlySpan<string> known)
    {
        foreach (string name in Names)
        {
            if (!known.Contains(name))
            {
                string[] candidates = known.ToArray();
                throw new UsageException($"{Option}: no property {OptionValues.Quote(name)}"
                    + (NearestName.Find(name, candidates) is { } near
                        ? $"; did you mean {near}=?"
                        : $"; there are {string.Join(", ", candidates)}"));
            }
        }
    }

    private static List<string> Elements(string text)
    {
        List<string> elements = [];
        var current = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != ',')
            {
                current.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == ',')
            {
                current.Append(',');
                i++;
            }
            else
            {
                elements.Add(current.ToString());
                current.Clear();
            }
        }

        elements.Add(current.ToString());
        return elements;
    }
}
