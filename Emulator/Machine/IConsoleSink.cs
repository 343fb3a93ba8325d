namespace RiscvXv6.Emulator.Machine;

/// <summary>Where the guest's console output goes. Called on the machine thread.</summary>
internal interface IConsoleSink
{
    /// <summary>Takes one byte; may buffer it.</summary>
    void Write(byte value);

    /// <summary>Makes everything written visible. The machine calls it when the guest falls idle, now and then, and at the end.</summary>
    void Flush();
}
