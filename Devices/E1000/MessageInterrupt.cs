using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Pci;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The last step of an interrupt: INTA#, or, if the system has enabled messages, a store of 32 bits for each assertion
/// (SDM "Message Signaled Interrupts").
/// </summary>
internal sealed class MessageInterrupt(PciConfigSpace config, IDmaMemory memory)
{
    private bool _isAsserted;

    private bool IsEnabled =>
        (config.Read(E1000Configuration.MessageControlOffset, 2) & E1000Configuration.MessageEnable) != 0;

    /// <summary>
    /// Sets the level; repeating one does nothing, unless the system changed from one way to the other.
    /// </summary>
    public void SetLine(bool isAsserted)
    {
        bool isEnabled = IsEnabled;
        bool isRise = isAsserted && !_isAsserted;
        _isAsserted = isAsserted;
        config.SetInterrupt(isAsserted && !isEnabled);
        if (isRise && isEnabled && config.IsBusMaster)
        {
            ulong address = config.Read(E1000Configuration.MessageOffset + 4, 4)
                | (ulong)config.Read(E1000Configuration.MessageOffset + 8, 4) << 32;
            memory.TryWriteUInt32(address, config.Read(E1000Configuration.MessageOffset + 12, 2));
        }
    }

    /// <summary>After the card was restored, with its line at a level that nobody is told of again.</summary>
    public void Restore(bool isAsserted) => _isAsserted = isAsserted;
}
