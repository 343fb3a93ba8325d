using System.Text.RegularExpressions;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cli;

/// <summary>Makefile and build.ps1 offer the same verbs by the same dotnet commands.</summary>
internal sealed class BuildVerbsTests
{
    private static readonly string[] Verbs = ["bench", "bench-report", "build", "clean", "guest", "guest-test", "help", "print-gdbport", "qemu", "qemu-gdb", "test", "test-long"];

    private static string Make => File.ReadAllText(RepositoryFiles.PathOf("Makefile"));

    private static string PowerShell => File.ReadAllText(RepositoryFiles.PathOf("build.ps1"));

    [Test]
    public void Both_have_the_same_verbs()
    {
        string phony = Regex.Match(Make, @"^\.PHONY: (.*)$", RegexOptions.Multiline).Groups[1].Value;
        var cases = Regex.Matches(PowerShell, "^    \"([a-z-]+)\" \\{", RegexOptions.Multiline).Select(match => match.Groups[1].Value);
        Assert.That(phony.Split(' ').Order(), Is.EqualTo(Verbs));
        Assert.That(cases.Order(), Is.EqualTo(Verbs));
    }

    [Test]
    public void Both_run_the_same_dotnet_commands()
    {
        var make = Commands(Make.Replace("$(DOTNET)", "dotnet").Replace("$(RID)", "RID").Replace("$(BENCH)", "BENCH"));
        var powerShell = Commands(PowerShell.Replace("$Rid", "RID").Replace("@Bench", "BENCH"));
        Assert.That(make, Has.Count.EqualTo(6));
        Assert.That(powerShell, Is.EquivalentTo(make));
    }

    [Test]
    public void Both_run_all_scripts_of_our_guest()
    {
        Assert.That(Make, Does.Contain("\t$(PROGRAM) test xv6-guest-image/tests/*.yaml $(GUESTTEST)\n"));
        Assert.That(PowerShell, Does.Contain("& $Program test @((Get-ChildItem xv6-guest-image/tests/*.yaml).FullName) @GuestTest"));
    }

    [Test]
    public void Both_boot_xv6_with_the_same_options()
    {
        string make = string.Join(' ', Regex.Matches(Make, @"^QEMUOPTS \+?= (.*)$", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value)).Replace("$(CPUS)", "N").Replace("$(NETDEV)", "NETDEV").Replace("$(NIC)", "NIC");
        string block = PowerShell[PowerShell.IndexOf("$QemuOpts =", StringComparison.Ordinal)..];
        block = block[..block.IndexOf("\n\n", StringComparison.Ordinal)];
        string powerShell = string.Concat(Regex.Matches(block, "\"([^\"]*)\"").Select(match => match.Groups[1].Value))
            .Replace("$Cpus", "N").Replace("$Netdev", "NETDEV").Replace("$Nic", "NIC");
        Assert.That(make, Does.StartWith("-machine virt"));
        Assert.That(powerShell, Is.EqualTo(make));
    }

    [Test]
    public void Both_wait_for_gdb_at_the_same_port_and_say_the_same()
    {
        const string Line = "gdb-multiarch -d xv6-guest-image -ex 'target remote localhost:PORT' xv6-guest-image/image/kernel.elf";
        Assert.That(Make.Replace("$(GDBPORT)", "PORT"), Does.Contain(Line).And.Contain("-S -gdb tcp::PORT $(QEMUEXTRA)"));
        Assert.That(PowerShell.Replace("$GdbPort", "PORT"), Does.Contain(Line).And.Contain("-S -gdb \"tcp::PORT\" @QemuExtra"));
        Assert.That(Make, Does.Contain("`id -u` % 5000 + 25000"));
        Assert.That(PowerShell, Does.Contain("[int](id -u)").And.Contain("% 5000 + 25000"));
    }

    private static List<string> Commands(string text) =>
        [.. Regex.Matches(text, @"\bdotnet (publish|test|run|clean)[^\n}]*").Select(match => match.Value.Trim()).Order()];
}
