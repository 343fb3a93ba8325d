using System.Runtime.InteropServices;

namespace RiscvXv6.Devices.Memory;

/// <summary>
/// Zeroed host memory that is committed when touched, between two inaccessible guard areas where the host allows it: a
/// stray pointer of ours then dies at once instead of corrupting a neighbour. Bounds are checked in code all the same.
/// </summary>
internal sealed unsafe partial class HostPages : IDisposable
{
    private const ulong GuardBytes = 64 * 1024;

    private readonly void* _mapping;
    private readonly nuint _mappingBytes;
    private bool _disposed;

    private HostPages(void* mapping, nuint mappingBytes, byte* first)
    {
        _mapping = mapping;
        _mappingBytes = mappingBytes;
        Base = first;
    }

    public byte* Base { get; }

    /// <exception cref="InsufficientMemoryException">The host refuses.</exception>
    public static HostPages Reserve(ulong sizeBytes)
    {
        ulong total = checked(sizeBytes + 2 * GuardBytes);
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            int anonymous = OperatingSystem.IsLinux() ? 0x20 : 0x1000;
            void* mapping = Map(null, (nuint)total, protection: 0, flags: 0x02 | anonymous, -1, 0);
            if (mapping != (void*)-1)
            {
                byte* first = (byte*)mapping + GuardBytes;
                if (Protect(first, (nuint)sizeBytes, protection: 3) == 0)
                {
                    return new HostPages(mapping, (nuint)total, first);
                }

                _ = Unmap(mapping, (nuint)total);
            }

            throw new InsufficientMemoryException($"the host can't provide {sizeBytes >> 20} MiB");
        }

        try
        {
            // calloc of this size maps fresh zero pages on every host C library; alignment is made by hand.
            void* block = NativeMemory.AllocZeroed((nuint)total);
            byte* aligned = (byte*)(((nuint)block + (nuint)GuardBytes) & ~(nuint)(GuardBytes - 1));
            return new HostPages(block, 0, aligned);
        }
        catch (OutOfMemoryException)
        {
            throw new InsufficientMemoryException($"the host can't provide {sizeBytes >> 20} MiB");
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_mappingBytes != 0)
        {
            _ = Unmap(_mapping, _mappingBytes);
        }
        else
        {
            NativeMemory.Free(_mapping);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint length);
}
