namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>Inodes: their fields, and the blocks they claim.</summary>
public sealed partial class FsChecker
{
    /// <summary>For each block, the inode that claimed it first; 0 if none did.</summary>
    private readonly uint[] _owners;

    private readonly List<uint> _directories = [];

    private int _usedInodes;

    private void CheckInodes()
    {
        if (!_store.InodeBytes(0)[..FsFormat.InodeBytes].SequenceEqual(new byte[FsFormat.InodeBytes]))
        {
            Add(FsFindingKind.InodeZero, "inode 0, which stands for none, is not all zero", 0, offset: Geometry.InodeOffset(0));
        }

        for (uint inode = 1; inode < Geometry.Inodes; inode++)
        {
            var fields = _store.ReadInode(inode);
            if (fields.Type == FsInodeType.Free)
            {
                continue;
            }

            _usedInodes++;
            if (fields.Type is < FsInodeType.Free or > FsInodeType.Device)
            {
                Add(
                    FsFindingKind.InodeType,
                    $"inode {inode} has the type {(short)fields.Type}, which is none",
                    inode,
                    offset: Geometry.InodeOffset(inode));
            }

            if (fields.IsDirectory)
            {
                _directories.Add(inode);
            }

            CheckBlocks(inode, fields);
        }
    }

    private void CheckBlocks(uint inode, FsInode fields)
    {
        int blocks = (int)FsFormat.BlocksFor(Math.Min(fields.SizeBytes, FsFormat.MaxFileBytes), FsFormat.BlockBytes);
        if (fields.SizeBytes > FsFormat.MaxFileBytes)
        {
            Add(
                FsFindingKind.InodeSize,
                $"inode {inode} has a size of {fields.SizeBytes} bytes, and the most is {FsFormat.MaxFileBytes}",
                inode,
                offset: Geometry.InodeOffset(inode) + FsInode.SizeOffset);
        }

        int missing = 0, firstMissing = 0;
        long fieldOffset = Geometry.InodeOffset(inode) + FsInode.BlocksOffset;
        for (int index = 0; index < FsFormat.DirectBlocks; index++)
        {
            CheckOne(index, FsStore.ReadNumber(_store.BlockField(inode, index)), fieldOffset + index * sizeof(uint));
        }

        CheckIndirect();
        if (missing != 0)
        {
            Add(
                FsFindingKind.BlockMissing,
                $"inode {inode} has a size of {fields.SizeBytes} bytes, but lacks {missing} of its {Count(blocks, "block")}, "
                + $"first number {firstMissing}",
                inode,
                offset: FieldOf(firstMissing));
        }

        void CheckOne(int index, uint block, long offset)
        {
            if (block == 0)
            {
                firstMissing = index < blocks && missing++ == 0 ? index : firstMissing;
                return;
            }

            if (Claim(inode, $"block {index}", block, offset) && index >= blocks)
            {
                Add(
                    FsFindingKind.BlockBeyondSize,
                    $"inode {inode} has block {block} as its block {index}, behind its end at {fields.SizeBytes} bytes",
                    inode,
                    block,
                    offset);
            }
        }

        void CheckIndirect()
        {
            long offset = fieldOffset + FsFormat.DirectBlocks * sizeof(uint);
            uint indirect = FsStore.ReadNumber(_store.BlockField(inode, FsFormat.DirectBlocks));
            bool isNeeded = blocks > FsFormat.DirectBlocks;
            if (indirect == 0)
            {
                if (isNeeded)
                {
                    firstMissing = missing == 0 ? FsFormat.DirectBlocks : firstMissing;
                    missing += blocks - FsFormat.DirectBlocks;
                }

                return;
            }

            if (!Claim(inode, "the block of block numbers", indirect, offset))
            {
                return;
            }

            if (!isNeeded)
            {
                Add(
                    FsFindingKind.BlockBeyondSize,
                    $"inode {inode} has block {indirect} for block numbers, which its {fields.SizeBytes} bytes do not need",
                    inode,
                    indirect,
                    offset);
            }

            for (int entry = 0; entry < FsFormat.IndirectBlocks; entry++)
            {
                uint block = FsStore.ReadNumber(_store.Block(indirect)[(entry * sizeof(uint))..]);
                CheckOne(
                    FsFormat.DirectBlocks + entry, block, (long)indirect * FsFormat.BlockBytes + entry * sizeof(uint));
            }
        }

        long FieldOf(int index)
        {
            uint indirect = FsStore.ReadNumber(_store.BlockField(inode, FsFormat.DirectBlocks));
            return index < FsFormat.DirectBlocks || !Geometry.IsData(indirect)
                ? fieldOffset + Math.Min(index, FsFormat.DirectBlocks) * sizeof(uint)
                : (long)indirect * FsFormat.BlockBytes + (index - FsFormat.DirectBlocks) * sizeof(uint);
        }
    }

    /// <summary>Gives a block to an inode.</summary>
    /// <returns>False if it can't have it.</returns>
    private bool Claim(uint inode, string role, uint block, long offset)
    {
        if (!Geometry.IsData(block))
        {
            Add(
                FsFindingKind.BlockRange,
                $"inode {inode} has block {block} as {role}, but data blocks are {Geometry.DataStart} to {Geometry.Size - 1}",
                inode,
                block,
                offset);
            return false;
        }

        if (_owners[block] != 0)
        {
            string other = _owners[block] == inode ? "once more" : $"as does inode {_owners[block]}";
            Add(FsFindingKind.BlockShared, $"inode {inode} has block {block} as {role}, {other}", inode, block, offset);
            return false;
        }

        _owners[block] = inode;
        return true;
    }
}
