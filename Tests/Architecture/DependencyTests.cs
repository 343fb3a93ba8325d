using System.Reflection;
using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Tests.Architecture;

/// <summary>The arrows of docs/ARCHITECTURE.md, read off the compiled assemblies.</summary>
public sealed class DependencyTests
{
    private static readonly Assembly s_devices = typeof(SystemBus).Assembly;
    private static readonly Assembly s_guest = typeof(ElfFile).Assembly;
    private static readonly Assembly s_emulator = typeof(VirtMachine).Assembly;

    [TestCase("Devices")]
    [TestCase("Guest")]
    public void Devices_and_Guest_reference_nothing_but_the_framework(string name)
    {
        var assembly = name == "Devices" ? s_devices : s_guest;
        var foreign = assembly.GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(reference => !reference.StartsWith("System", StringComparison.Ordinal));
        Assert.That(foreign, Is.Empty);
    }

    [Test]
    public void Cpu_knows_only_the_contracts_of_Bus_Memory_and_Timing() => Assert.That(
        Violations("RiscvXv6.Emulator.Cpu", target =>
            IsUnder(target, "RiscvXv6.Emulator.Cpu")
            || IsUnder(target, "RiscvXv6.Devices.Bus")
            || IsUnder(target, "RiscvXv6.Devices.Memory")
            || IsUnder(target, "RiscvXv6.Devices.Timing")),
        Is.Empty);

    [Test]
    public void Nothing_but_Cli_knows_Cli() => Assert.That(
        s_emulator.GetTypes().Where(type => !IsUnder(type, "RiscvXv6.Emulator.Cli"))
            .SelectMany(type => Offences(type, target => !IsUnder(target, "RiscvXv6.Emulator.Cli"))),
        Is.Empty);

    [Test]
    public void Only_Cli_knows_the_console_files_and_packages() => Assert.That(
        s_emulator.GetTypes().Concat(s_devices.GetTypes()).Concat(s_guest.GetTypes())
            .Where(type => !IsUnder(type, "RiscvXv6.Emulator.Cli"))
            .SelectMany(type => Offences(type, target =>
                target != typeof(Console) && target != typeof(File) && target != typeof(FileStream)
                && target != typeof(Directory)
                && !IsUnder(target, "Serilog") && !IsUnder(target, "CommandLine") && !IsUnder(target, "YamlDotNet"))),
        Is.Empty);

    /// <summary>What people use stands around the machine, and most of it knows nothing of the rest.</summary>
    [TestCase("Machine")]
    [TestCase("Gdb")]
    [TestCase("Replay")]
    [TestCase("Scripts")]
    [TestCase("Diagnostics", "Monitor")]
    [TestCase("Monitor", "Diagnostics")]
    public void A_part_around_the_machine_knows_the_machine_and_not_the_others(string part, params string[] exceptions)
    {
        string[] parts = ["Gdb", "Replay", "Scripts", "Diagnostics", "Monitor"];
        var others = parts.Except([part, .. exceptions]).Select(static other => $"RiscvXv6.Emulator.{other}").ToArray();
        Assert.That(s_emulator.GetTypes().Where(type => IsUnder(type, $"RiscvXv6.Emulator.{part}")), Is.Not.Empty);
        Assert.That(Violations($"RiscvXv6.Emulator.{part}", target => !others.Any(other => IsUnder(target, other))), Is.Empty);
    }

    [Test]
    public void A_device_folder_uses_no_other_device_folder()
    {
        string[] devices = ["Clint", "Plic", "Uart", "Virtio", "Pci", "Platform"];
        foreach (string device in devices)
        {
            var others = devices.Where(other => other != device).Select(other => $"RiscvXv6.Devices.{other}").ToArray();
            Assert.That(
                s_devices.GetTypes().Where(type => IsUnder(type, $"RiscvXv6.Devices.{device}"))
                    .SelectMany(type => Offences(type, target => !others.Any(other => IsUnder(target, other)))),
                Is.Empty);
        }
    }

    [Test]
    public void The_reader_of_references_sees_what_a_method_calls() =>
        Assert.That(TypeReferences.Of(typeof(Offender)), Does.Contain(typeof(Console)));

    private static IEnumerable<string> Violations(string from, Func<Type, bool> allowed) => s_emulator.GetTypes()
        .Where(type => IsUnder(type, from))
        .SelectMany(type => Offences(type, target => !IsUnder(target, "RiscvXv6") || allowed(target)));

    private static IEnumerable<string> Offences(Type type, Func<Type, bool> allowed) => TypeReferences.Of(type)
        .Where(target => !allowed(target))
        .Select(target => $"{type.FullName} knows {target.FullName}");

    private static bool IsUnder(Type type, string space) => type.Namespace is { } own
        && (own == space || own.StartsWith(space + ".", StringComparison.Ordinal));

    /// <summary>The negative control: mentions the console in code alone.</summary>
    private static class Offender
    {
        public static void Offend() => Console.Out.Flush();
    }
}
