using NUnit.Framework;
using RiscvXv6.Emulator.Cli.Options;

namespace RiscvXv6.Tests.Cli;

/// <summary>Splitting as POSIX "Shell Command Language", "Quoting" has it; results checked with /bin/sh.</summary>
internal sealed class ArgumentSplitterTests
{
    [TestCase("", new string[0])]
    [TestCase("  a  b\t", new[] { "a", "b" })]
    [TestCase("'a b' \"c d\" e\\ f", new[] { "a b", "c d", "e f" })]
    [TestCase("a'b'\"c\"", new[] { "abc" })]
    [TestCase("'' \"\"", new[] { "", "" })]
    [TestCase("'a\\b' \"a\\b\" \"a\\\"b\"", new[] { "a\\b", "a\\b", "a\"b" })]
    public void A_line_is_split_as_a_shell_splits_it(string line, string[] arguments) =>
        Assert.That(ArgumentSplitter.Split("test", line), Is.EqualTo(arguments));
}
