namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>The files that TFTP serves.</summary>
public interface ITftpFiles
{
    /// <summary>
    /// Opens a file for reading. Null if there is none, or if it does not lie in the directory that is served, whatever
    /// dots, slashes and symbolic links say. Never throws.
    /// </summary>
    /// <param name="name">As a guest gave it, without slashes in front.</param>
    ITftpFile? Open(string name);
}
