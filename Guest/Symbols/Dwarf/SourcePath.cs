namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>File names as a person would write them in the folder where the program was compiled.</summary>
internal static class SourcePath
{
    /// <summary>A file's name relative to the compilation's folder if it lies in it, otherwise as it stands.</summary>
    /// <param name="compilationDirectory">Where the compiler ran; may be empty.</param>
    /// <param name="directory">The file's folder, relative to that one or absolute; may be empty.</param>
    /// <param name="name">The file's name, which may have folders, too.</param>
    public static string Of(string compilationDirectory, string directory, string name)
    {
        string path = Join(directory, name);
        if (!path.StartsWith('/'))
        {
            return Plain(path);
        }

        path = Plain(path);
        string home = Plain(compilationDirectory);
        return home.StartsWith('/') && path.Length > home.Length + 1 && path.StartsWith(home, StringComparison.Ordinal)
            && path[home.Length] == '/'
            ? path[(home.Length + 1)..]
            : path;
    }

    /// <summary>True if that is the file, or its last components are.</summary>
    public static bool Matches(string path, string asked) =>
        asked.Length != 0
        && path.EndsWith(asked, StringComparison.Ordinal)
        && (path.Length == asked.Length || asked[0] == '/' || path[path.Length - asked.Length - 1] == '/');

    private static string Join(string directory, string name) =>
        directory.Length == 0 || name.StartsWith('/') ? name : directory.EndsWith('/') ? directory + name : $"{directory}/{name}";

    /// <summary>Without "." and "x/..".</summary>
    private static string Plain(string path)
    {
        if (!path.Contains("./", StringComparison.Ordinal) && !path.Contains("//", StringComparison.Ordinal)
            && !path.EndsWith('.') && !path.EndsWith('/'))
        {
            return path;
        }

        var parts = new List<string>();
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count != 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return (path.StartsWith('/') ? "/" : "") + string.Join('/', parts);
    }
}
