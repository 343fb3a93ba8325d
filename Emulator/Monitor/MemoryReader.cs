namespace RiscvXv6.Emulator.Monitor;

/// <summary>Memory by virtual or by physical address.</summary>
internal readonly struct MemoryReader(MonitorRequest request, bool isPhysical)
{
    /// <summary>Reads up to the first byte that is not there.</summary>
    /// <returns>How many bytes were read.</returns>
    public int Read(ulong address, Span<byte> bytes) => isPhysical
        ? request.Machine.Debug.ReadPhysical(address, bytes)
        : request.Machine.Debug.Read(request.Hart, address, bytes);
}
