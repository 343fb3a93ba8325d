namespace RiscvXv6.Emulator.Cli.Qemu;

/// <summary>One option of QEMU's front door: drives the parser, <c>-help</c>, the suggestions and the docs page.</summary>
/// <param name="Name">Without its dash; one dash or two, as in QEMU.</param>
/// <param name="Argument">What follows it, as help writes it; null if nothing does.</param>
/// <param name="Help">One line.</param>
/// <param name="Apply">Takes the argument, or an empty string.</param>
internal sealed record QemuOption(string Name, string? Argument, string Help, Action<QemuInterpreter, string> Apply);
