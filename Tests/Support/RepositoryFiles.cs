namespace RiscvXv6.Tests.Support;

/// <summary>Files of the repository that tests read in place: guests and their images.</summary>
internal static class RepositoryFiles
{
    /// <summary>The folder that holds RiscvXv6.sln, above the test assembly.</summary>
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A contract guest's built ELF file, by its name in Tests/Guests.</summary>
    public static string ContractGuest(string name) => PathOf("Tests", "Guests", "built", name + ".elf");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RiscvXv6.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no RiscvXv6.sln above {AppContext.BaseDirectory}");
    }
}
