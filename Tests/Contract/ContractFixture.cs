using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Contract;

/// <summary>Where a contract guest runs.</summary>
public enum Platform
{
    /// <summary>The machine under test.</summary>
    ThisMachine,

    /// <summary>QEMU, which xv6 was written for: proof that the guest asks for what the contract says.</summary>
    Qemu,
}

/// <summary>
/// What the contract's fixtures share. Each test boots one guest of Tests/Guests, which does what some year's xv6 does and prints
/// its own verdict; the expected output is written here by hand.
/// </summary>
public abstract class ContractFixture(Platform platform)
{
    private readonly IGuestPlatform _platform =
        platform == Platform.Qemu ? new QemuPlatform() : new MachinePlatform();

    protected Platform Platform { get; } = platform;

    private protected static GuestRequest Guest(string name) => new(RepositoryFiles.ContractGuest(name));

    private protected GuestRun Run(GuestRequest request) => _platform.Run(request);

    /// <summary>The guest prints exactly "PASS name" and switches the machine off.</summary>
    private protected void Passes(string name) => Passes(Guest(name));

    private protected void Passes(GuestRequest request) =>
        Prints(request, $"PASS {Path.GetFileNameWithoutExtension(request.ElfPath)}\n");

    private protected void Prints(GuestRequest request, string output, int exitCode = 0)
    {
        var run = Run(request);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Output, Is.EqualTo(output));
            Assert.That(run.ExitCode, Is.EqualTo(exitCode));
        }
    }
}
