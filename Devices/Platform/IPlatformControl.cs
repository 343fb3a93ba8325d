namespace RiscvXv6.Devices.Platform;

/// <summary>What a guest can ask of the machine as a whole. Both take effect when the instruction that asked has retired.</summary>
public interface IPlatformControl
{
    /// <summary>Ends the machine.</summary>
    /// <param name="exitCode">0 for success, otherwise the guest's own failure code, 1 to 65535.</param>
    void PowerOff(int exitCode);

    /// <summary>Resets every hart and device; memory keeps its contents.</summary>
    void Reset();
}
