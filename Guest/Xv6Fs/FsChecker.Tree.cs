namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>What directories make together: one tree, whose links are counted.</summary>
public sealed partial class FsChecker
{
    /// <summary>A path is cut at the front if it has more names.</summary>
    private const int MostNamesShown = 40;

    /// <summary>How far up a directory's own name is looked for, to tell a ring from a second parent.</summary>
    private const int MostLevels = 250;

    /// <summary>For each directory but the root, the one entry that is taken for its place in the tree.</summary>
    private readonly Dictionary<uint, Reference> _places = [];

    /// <summary>For each directory, how many others have their place in it.</summary>
    private readonly Dictionary<uint, int> _subdirectories = [];

    private bool CheckRoot()
    {
        if (_store.ReadInode(FsFormat.RootInode).IsDirectory)
        {
            return true;
        }

        Add(
            FsFindingKind.Root,
            "inode 1, the root, is not a directory",
            FsFormat.RootInode,
            offset: Geometry.InodeOffset(FsFormat.RootInode));
        return false;
    }

    private bool IsOrphan(uint inode) =>
        inode != FsFormat.RootInode && _store.ReadInode(inode).Links == 0 && !_names.ContainsKey(inode);

    private void CheckTree()
    {
        foreach (uint directory in _directories)
        {
            ChoosePlace(directory);
        }

        var isBelowRoot = new Dictionary<uint, bool> { [FsFormat.RootInode] = true };
        foreach (uint directory in _directories)
        {
            FollowUp(directory, isBelowRoot);
        }

        foreach (uint directory in _directories)
        {
            CheckPlaces(directory);
            CheckDotDot(directory);
        }
    }

    /// <summary>Of several entries that name a directory, its <c>..</c> decides which is meant.</summary>
    private void ChoosePlace(uint directory)
    {
        uint? up = _dotDots.TryGetValue(directory, out var dotDot) ? dotDot.Inode : null;
        if (directory == FsFormat.RootInode)
        {
            return;
        }

        if (_directoryNames.TryGetValue(directory, out var names))
        {
            int chosen = Math.Max(0, names.FindIndex(name => name.Directory == up));
            _places[directory] = names[chosen];
            AddSubdirectory(names[chosen].Directory);
        }
        else if (!IsOrphan(directory) && up is { } parent && parent != directory)
        {
            // It is lost, but its parent counted it.
            AddSubdirectory(parent);
        }

        void AddSubdirectory(uint parent) => _subdirectories[parent] = _subdirectories.GetValueOrDefault(parent) + 1;
    }

    /// <summary>
    /// Goes from a directory to its parent and on, until it is known whether that leads to the root. What was passed is then
    /// known too, so that each directory is passed once.
    /// </summary>
    private void FollowUp(uint directory, Dictionary<uint, bool> isBelowRoot)
    {
        var passed = new List<uint>();
        var onThisWay = new HashSet<uint>();
        uint at = directory;
        bool reaches;
        while (!isBelowRoot.TryGetValue(at, out reaches))
        {
            if (!onThisWay.Add(at))
            {
                // A ring of which the root is no part; no entry outside leads into it.
                Add(
                    FsFindingKind.DirectoryCycle,
                    $"directory {at} is below itself, and nothing else leads there",
                    at,
                    (uint)(_places[at].Offset / FsFormat.BlockBytes),
                    _places[at].Offset);
                break;
            }

            passed.Add(at);
            if (!_places.TryGetValue(at, out var place))
            {
                ReportLost(at);
                break;
            }

            at = place.Directory;
        }

        foreach (uint one in passed)
        {
            isBelowRoot[one] = reaches;
        }
    }

    private void ReportLost(uint directory)
    {
        var fields = _store.ReadInode(directory);
        if (!IsOrphan(directory))
        {
            Add(
                FsFindingKind.DirectoryUnreachable,
                $"directory {directory} has {Count(fields.Links, "link")}, but no entry names it",
                directory,
                offset: Geometry.InodeOffset(directory));
        }
        else if (_contents.GetValueOrDefault(directory) is > 0 and var contents)
        {
            Add(
                FsFindingKind.OrphanNotEmpty,
                $"directory {directory} was removed, but has {(contents == 1 ? "an entry" : $"{contents} entries")} in use",
                directory,
                offset: Geometry.InodeOffset(directory));
        }
    }

    /// <summary>Entries that name a directory besides the one of its place.</summary>
    private void CheckPlaces(uint directory)
    {
        if (!_directoryNames.TryGetValue(directory, out var names))
        {
            return;
        }

        foreach (var name in names)
        {
            bool isPlace = _places.TryGetValue(directory, out var place) && place == name;
            if (isPlace)
            {
                continue;
            }

            bool isRing = IsBelow(name.Directory, directory);
            Add(
                isRing ? FsFindingKind.DirectoryCycle : FsFindingKind.DirectoryTwoParents,
                isRing
                    ? $"'{NameAt(name)}' in directory {name.Directory} is directory {directory}, which that one is in"
                    : $"'{NameAt(name)}' in directory {name.Directory} is directory {directory}, whose place is elsewhere",
                directory,
                (uint)(name.Offset / FsFormat.BlockBytes),
                name.Offset);
        }
    }

    /// <summary>Whether the way up from one directory passes another. Bounded, since it may be a ring.</summary>
    private bool IsBelow(uint directory, uint ancestor)
    {
        for (int steps = 0; steps <= MostLevels; steps++)
        {
            if (directory == ancestor)
            {
                return true;
            }

            if (!_places.TryGetValue(directory, out var place))
            {
                return false;
            }

            directory = place.Directory;
        }

        return false;
    }

    private void CheckDotDot(uint directory)
    {
        uint parent = FsFormat.RootInode;
        if (directory != FsFormat.RootInode)
        {
            if (!_places.TryGetValue(directory, out var place))
            {
                return;
            }

            parent = place.Directory;
        }

        if (_dotDots.TryGetValue(directory, out var dotDot) && dotDot.Inode != parent)
        {
            Add(
                FsFindingKind.DotDot,
                $".. of directory {directory} is inode {dotDot.Inode}, but it is in directory {parent}",
                directory,
                (uint)(dotDot.Offset / FsFormat.BlockBytes),
                dotDot.Offset);
        }
    }

    private void CheckLinks()
    {
        for (uint inode = 1; inode < Geometry.Inodes; inode++)
        {
            var fields = _store.ReadInode(inode);
            if (fields.Type == FsInodeType.Free)
            {
                continue;
            }

            int names = _names.GetValueOrDefault(inode);
            bool isRoot = inode == FsFormat.RootInode;
            if (names == 0 && !isRoot)
            {
                ReportUnnamed(inode, fields);
                continue;
            }

            int expected = fields.IsDirectory ? 1 + _subdirectories.GetValueOrDefault(inode) : names;
            bool isAmbiguous = fields.IsDirectory && names > (isRoot ? 0 : 1);
            if (fields.Links != expected && !isAmbiguous)
            {
                Add(
                    FsFindingKind.LinkCount,
                    $"inode {inode} counts {Count(fields.Links, "link")}, but has {expected}",
                    inode,
                    offset: Geometry.InodeOffset(inode) + FsInode.LinksOffset);
            }
        }
    }

    private void ReportUnnamed(uint inode, FsInode fields)
    {
        if (fields.Links == 0)
        {
            Add(
                FsFindingKind.Orphan,
                $"inode {inode} is in use, but without links or entries",
                inode,
                offset: Geometry.InodeOffset(inode));
        }
        else if (!fields.IsDirectory)
        {
            Add(
                FsFindingKind.InodeUnreferenced,
                $"inode {inode} has {Count(fields.Links, "link")}, but no entry names it",
                inode,
                offset: Geometry.InodeOffset(inode));
        }
    }

    private FsName NameAt(Reference reference) =>
        FsName.Read(_store.Bytes.AsSpan(reference.Offset + sizeof(ushort), FsFormat.NameBytes));

    /// <summary>Adds the path of the inode that a finding is about.</summary>
    private FsFinding WithPath(FsFinding finding) =>
        finding.Inode is { } inode && inode != 0 && PathOf(inode) is { } path ? finding with { Path = path } : finding;

    private string? PathOf(uint inode)
    {
        var names = new Stack<string>();
        var passed = new HashSet<uint>();
        while (inode != FsFormat.RootInode)
        {
            bool isNamed = _places.TryGetValue(inode, out var name) || _firstName.TryGetValue(inode, out name);
            if (!isNamed || !passed.Add(inode))
            {
                return null;
            }

            if (names.Count == MostNamesShown)
            {
                return "…/" + string.Join('/', names);
            }

            names.Push(NameAt(name).Text);
            inode = name.Directory;
        }

        return "/" + string.Join('/', names);
    }
}
