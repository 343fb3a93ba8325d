using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Emulator.Machine.DeviceTree;

/// <summary>
/// The <c>/chosen</c> node: what the boot loader tells the kernel. It goes into the generated tree and into one that the
/// user brings.
/// </summary>
internal sealed record ChosenNode
{
    /// <summary>The kernel's command line; empty for none.</summary>
    public string BootArguments { get; init; } = "";

    /// <summary>Where the initial RAM disk lies, if there is one.</summary>
    public AddressRange? InitialRamDisk { get; init; }

    /// <summary>
    /// Entropy for the kernel, an input of the machine like any other: the same seed gives the same run. Empty for none.
    /// </summary>
    public ReadOnlyMemory<byte> RngSeed { get; init; }

    /// <summary>Sets what is known here in a tree's <c>/chosen</c>, and leaves the node's other properties alone.</summary>
    public void ApplyTo(DeviceTreeNode root)
    {
        var chosen = root.Child("chosen") ?? root.Add("chosen");
        if (BootArguments.Length != 0)
        {
            chosen.SetStrings("bootargs", BootArguments);
        }

        if (InitialRamDisk is { } disk)
        {
            chosen.SetLongs("linux,initrd-start", disk.Base);
            chosen.SetLongs("linux,initrd-end", disk.Base + disk.SizeBytes);
        }

        if (!RngSeed.IsEmpty)
        {
            chosen.Set("rng-seed", RngSeed.Span);
        }
    }
}
