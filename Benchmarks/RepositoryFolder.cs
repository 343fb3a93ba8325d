namespace RiscvXv6.Benchmarks;

/// <summary>Where guests, the built program and the pages are.</summary>
internal static class RepositoryFolder
{
    /// <exception cref="InvalidDataException">The program does not run inside the repository.</exception>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RiscvXv6.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidDataException($"no RiscvXv6.sln above {AppContext.BaseDirectory}");
    }
}
