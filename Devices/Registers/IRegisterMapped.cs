namespace RiscvXv6.Devices.Registers;

/// <summary>A device that can say which register an access touches: for traces and reports.</summary>
public interface IRegisterMapped
{
    RegisterTable Registers { get; }

    /// <summary>The bank of registers now in view, as <see cref="RegisterSpec.Bank"/> numbers them.</summary>
    int RegisterBank => 0;
}
