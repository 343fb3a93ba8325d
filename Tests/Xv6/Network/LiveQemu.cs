using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Xv6.Network;

/// <summary>The guest on QEMU.</summary>
/// <param name="netdev">As on the command line, without its id.</param>
internal sealed class LiveQemu(string netdev) : LiveProcess(
    Requirement.Tool("qemu-system-riscv64", package: "qemu-system-misc"),
    [],
    [
        "-netdev", netdev.Insert(netdev.IndexOf(',', StringComparison.Ordinal), ",id=wire"),
        "-device", "e1000,netdev=wire,bus=pcie.0",
    ]);
