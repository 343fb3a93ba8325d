using System.Buffers.Binary;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>Directories, each by itself: the form of their entries, and what they name.</summary>
public sealed partial class FsChecker
{
    /// <summary>An entry that names an inode, other than <c>.</c> and <c>..</c>.</summary>
    private readonly record struct Reference(uint Directory, int Offset);

    /// <summary>Blocks that were read as a directory's.</summary>
    private readonly bool[] _directoryBlocks;

    /// <summary>For each inode that entries name, how many do.</summary>
    private readonly Dictionary<uint, int> _names = [];

    /// <summary>For each inode that entries name, the first of them: where its path comes from.</summary>
    private readonly Dictionary<uint, Reference> _firstName = [];

    /// <summary>For each directory that entries name, all of them.</summary>
    private readonly Dictionary<uint, List<Reference>> _directoryNames = [];

    /// <summary>For each directory, what its <c>..</c> names and where that entry is.</summary>
    private readonly Dictionary<uint, (uint Inode, int Offset)> _dotDots = [];

    /// <summary>For each directory, how many entries other than <c>.</c> and <c>..</c> it has in use.</summary>
    private readonly Dictionary<uint, int> _contents = [];

    private void CheckDirectories()
    {
        foreach (uint directory in _directories)
        {
            CheckDirectory(directory);
        }
    }

    private void CheckDirectory(uint directory)
    {
        var fields = _store.ReadInode(directory);
        if (fields.SizeBytes % FsFormat.EntryBytes != 0)
        {
            Add(
                FsFindingKind.DirectorySize,
                $"directory {directory} has a size of {fields.SizeBytes} bytes, which is not a multiple of {FsFormat.EntryBytes}",
                directory,
                offset: Geometry.InodeOffset(directory) + FsInode.SizeOffset);
        }

        var names = new HashSet<FsName>();
        int slots = FsPath.SlotCount(fields);
        for (int slot = 0; slot < slots; slot++)
        {
            if (FsPath.OffsetOf(_store, directory, slot) is not { } offset || !IsFirstReader(offset))
            {
                // Reported where the inode's blocks were; what its entries would say is not known.
                slot += FsFormat.EntriesPerBlock - 1;
                continue;
            }

            CheckEntry(directory, slot, offset, names);
        }

        for (int slot = slots; slot < 2; slot++)
        {
            string dots = slot == 0 ? "." : "..";
            Add(
                slot == 0 ? FsFindingKind.Dot : FsFindingKind.DotDot,
                $"directory {directory} is too short to have {dots}",
                directory,
                offset: Geometry.InodeOffset(directory) + FsInode.SizeOffset);
        }
    }

    /// <summary>Whether a block, at whose start this may be, was not yet read as another directory's.</summary>
    private bool IsFirstReader(int offset)
    {
        ref bool isRead = ref _directoryBlocks[offset / FsFormat.BlockBytes];
        bool isFirst = offset % FsFormat.BlockBytes != 0 || !isRead;
        isRead = true;
        return isFirst;
    }

    private void CheckEntry(uint directory, int slot, int offset, HashSet<FsName> names)
    {
        var bytes = _store.Bytes.AsSpan(offset, FsFormat.EntryBytes);
        uint inode = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var name = inode == 0 ? default : FsName.Read(bytes[sizeof(ushort)..]);
        uint block = (uint)(offset / FsFormat.BlockBytes);
        if (slot == 0 && !(name.IsDot && inode == directory))
        {
            Report(FsFindingKind.Dot, $"the first entry of directory {directory} is {Describe()}, not . with its own inode");
        }

        if (slot == 1)
        {
            if (!name.IsDotDot)
            {
                Report(FsFindingKind.DotDot, $"the second entry of directory {directory} is {Describe()}, not ..");
            }
            else
            {
                _dotDots[directory] = (inode, offset);
            }
        }

        if (inode == 0)
        {
            return;
        }

        if (name.IsEmpty)
        {
            Report(FsFindingKind.NameEmpty, $"entry {slot} of directory {directory} names inode {inode}, but has no name");
        }
        else if (name.Bytes.Contains((byte)'/'))
        {
            Report(FsFindingKind.NameSlash, $"entry {slot} of directory {directory} is {Describe()}, which no path can name");
        }
        else if (!names.Add(name))
        {
            Report(
                FsFindingKind.NameDuplicate,
                $"entry {slot} of directory {directory} is {Describe()}, a name that it has already");
        }

        if (!name.IsDot && !name.IsDotDot)
        {
            _contents[directory] = _contents.GetValueOrDefault(directory) + 1;
            CheckReference();
        }

        void CheckReference()
        {
            if (inode >= Geometry.Inodes)
            {
                Report(FsFindingKind.EntryRange, $"entry {slot} of directory {directory} is {Describe()}, which there is not");
                return;
            }

            var target = _store.ReadInode(inode);
            if (target.Type == FsInodeType.Free)
            {
                Report(FsFindingKind.EntryFreeInode, $"entry {slot} of directory {directory} is {Describe()}, which is free");
                return;
            }

            var reference = new Reference(directory, offset);
            _names[inode] = _names.GetValueOrDefault(inode) + 1;
            _firstName.TryAdd(inode, reference);
            if (target.IsDirectory)
            {
                if (!_directoryNames.TryGetValue(inode, out var list))
                {
                    _directoryNames.Add(inode, list = []);
                }

                list.Add(reference);
            }
        }

        string Describe() => inode == 0 ? "free" : $"'{name}' with inode {inode}";

        void Report(FsFindingKind kind, string message) => Add(kind, message, directory, block, offset);
    }
}
