namespace RiscvXv6.Devices.Net.Backends;

/// <summary>No host at all, for a replay: what another transport told is in the record.</summary>
/// <param name="name">The other transport's.</param>
/// <param name="isUpAtStart">The other transport's.</param>
public sealed class SilentTransport(string name, bool isUpAtStart) : IFrameTransport
{
    public string Name => name;

    public bool IsUpAtStart => isUpAtStart;

    public void Start(ITransportEvents events)
    {
    }

    public bool TrySend(ReadOnlySpan<byte> frame) => true;

    public void Dispose()
    {
    }
}
