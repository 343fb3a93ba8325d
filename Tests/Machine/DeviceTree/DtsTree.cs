using System.Text.RegularExpressions;

namespace RiscvXv6.Tests.Machine.DeviceTree;

/// <summary>
/// A tree as dtc prints it, flattened to <c>/soc/serial@10000000:reg</c> = <c>&lt;0x00 …&gt;</c>, with every handle replaced
/// by the path of its node, so that trees that number their handles otherwise compare equal.
/// </summary>
internal static partial class DtsTree
{
    public static SortedDictionary<string, string> Flatten(string source)
    {
        var properties = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var path = new List<string>();
        foreach (string raw in source.Split('\n'))
        {
            string line = raw.Trim();
            if (line.EndsWith('{'))
            {
                path.Add(line[..^1].Trim().TrimStart('/'));
                properties[Join(path) + ":"] = "";
            }
            else if (line == "};")
            {
                path.RemoveAt(path.Count - 1);
            }
            else if (line.EndsWith(';') && path.Count != 0)
            {
                int equals = line.IndexOf(" = ", StringComparison.Ordinal);
                string name = equals < 0 ? line[..^1] : line[..equals];
                properties[$"{Join(path)}:{name}"] = equals < 0 ? "" : line[(equals + 3)..^1];
            }
        }

        NameHandles(properties);
        return properties;
    }

    private static string Join(List<string> path) => "/" + string.Join('/', path.Skip(1));

    private static void NameHandles(SortedDictionary<string, string> properties)
    {
        var pathByHandle = properties
            .Where(property => property.Key.EndsWith(":phandle", StringComparison.Ordinal))
            .ToDictionary(property => property.Value.Trim('<', '>'), property => property.Key[..^8]);
        foreach (string key in properties.Keys.ToList())
        {
            string name = key[(key.IndexOf(':') + 1)..];
            string value = properties[key];
            properties[key] = name switch
            {
                "phandle" => "",
                "regmap" or "interrupt-parent" or "cpu" => pathByHandle[value.Trim('<', '>')],
                "interrupts-extended" => Replace(value, 2, 0, pathByHandle),
                "interrupt-map" => Replace(value, 6, 4, pathByHandle),
                _ => Cell().Replace(value, "0x$1"),
            };
        }
    }

    /// <summary>Replaces one cell of each group by the path that it is the handle of.</summary>
    private static string Replace(string value, int group, int position, Dictionary<string, string> pathByHandle)
    {
        string[] cells = value.Trim('<', '>').Split(' ');
        for (int index = position; index < cells.Length; index += group)
        {
            cells[index] = pathByHandle[cells[index]];
        }

        return string.Join(' ', cells);
    }

    [GeneratedRegex(@"\b0x0*([0-9a-f]+)\b")]
    private static partial Regex Cell();
}
