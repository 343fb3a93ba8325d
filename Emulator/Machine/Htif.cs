using RiscvXv6.Devices.Memory;

namespace RiscvXv6.Emulator.Machine;

/// <summary>
/// The host-target interface of the RISC-V test suites: a guest stores a command to <c>tohost</c> and reads the answer from
/// <c>fromhost</c>. Present when the kernel's ELF names the two. Console output and the end of the run are supported; the
/// proxied system calls of riscv-pk are not.
/// </summary>
internal sealed class Htif(GuestMemory ram, ulong toHost, ulong? fromHost, IConsoleSink console, Action<int> exit)
{
    private const ulong PayloadMask = (1UL << 48) - 1;

    /// <summary>The page that holds <c>tohost</c>, to be watched.</summary>
    public int PageIndex => (int)((toHost - ram.Range.Base) >> GuestMemory.PageShift);

    /// <summary>True if a store of that range can have changed <c>tohost</c>.</summary>
    public bool Covers(ulong address, ulong length) => address < toHost + 8 && toHost < address + length;

    /// <summary>Carries out the command in <c>tohost</c>, if there is one.</summary>
    public void Poll()
    {
        if (!ram.TryReadUInt64(toHost, out ulong command) || command == 0)
        {
            return;
        }

        ulong device = command >> 56, operation = (command >> 48) & 0xff, payload = command & PayloadMask;
        if (device == 0 && operation == 0 && (payload & 1) != 0)
        {
            exit((int)Math.Min(payload >> 1, int.MaxValue));
            return;
        }

        ram.TryWriteUInt64(toHost, 0);
        if (device == 1 && operation == 1)
        {
            console.Write((byte)payload);
            Answer(device, operation, 0);
        }
    }

    private void Answer(ulong device, ulong operation, ulong payload)
    {
        if (fromHost is { } address)
        {
            ram.TryWriteUInt64(address, (device << 56) | (operation << 48) | payload);
        }
    }
}
