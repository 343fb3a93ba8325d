namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>Something in the tree, as a walk comes to it.</summary>
/// <param name="Path">From the root, for people: names are escaped (<see cref="FsName.Text"/>).</param>
/// <param name="Name">The last name on the path; empty for what the walk began with.</param>
/// <param name="Depth">How many directories below the start it is.</param>
/// <param name="Number">Its inode's number, as the entry has it.</param>
/// <param name="Inode">What the inode says; nothing if the number is none.</param>
/// <param name="Damage">Why this, or all that is in it, can't be shown. Null if nothing is wrong as far as a walk sees.</param>
public sealed record FsListing(string Path, FsName Name, int Depth, uint Number, FsInode Inode, string? Damage);
