using System.Text;
using NUnit.Framework;
using RiscvXv6.Emulator.Cli.Terminal;

namespace RiscvXv6.Tests.Cli;

/// <summary>What goes to a terminal or to a pipe when console and monitor share it; a window shows how it looks (MonitorWindowTests).</summary>
internal sealed class SharedScreenTests
{
    private readonly StringBuilder _written = new();

    [SetUp]
    public void Begin() => _written.Clear();

    [Test]
    public void Without_a_line_being_typed_the_guest_s_bytes_pass_as_they_are()
    {
        var screen = Screen(isTerminal: true);
        screen.WriteGuest("a\e[2J\0b"u8);
        Assert.That(_written.ToString(), Is.EqualTo("a\e[2J\0b"));
    }

    [Test]
    public void Into_a_pipe_goes_no_escape_sequence()
    {
        var screen = Screen(isTerminal: false);
        screen.Show("(x) ", "", 0);
        screen.Show("(x) ", "typed", 5);
        screen.Enter("typed");
        screen.Print("answer\n");
        screen.Show("(x) ", "", 0);
        screen.WriteGuest("guest\n"u8);
        screen.Hide();
        Assert.That(_written.ToString(), Is.EqualTo("(x) typed\nanswer\n(x) guest\n\n"));
    }

    [Test]
    public void A_guest_s_line_in_two_parts_becomes_one_above_the_typed_one()
    {
        var screen = Screen(isTerminal: true);
        screen.Show("(x) ", "ty", 2);
        screen.WriteGuest("he"u8);
        _written.Clear();
        screen.WriteGuest("llo\n"u8);
        Assert.That(_written.ToString(), Is.EqualTo("\r\e[K\e[A\r\e[Khello\n\r(x) ty\e[K"));
    }

    [Test]
    public void Of_a_line_longer_than_the_terminal_the_part_around_the_cursor_is_shown()
    {
        var screen = Screen(isTerminal: true);
        screen.Show("(x) ", "0123456789abcdefghijklmnopqrstuvwxyz", 36);
        Assert.That(_written.ToString(), Is.EqualTo("\r(x) lmnopqrstuvwxyz\e[K"), "20 columns, the last one for the cursor");
        _written.Clear();
        screen.Show("(x) ", "0123456789abcdefghijklmnopqrstuvwxyz", 0);
        Assert.That(_written.ToString(), Is.EqualTo("\r\r(x) 0123456789abcde\e[K\e[15D"));
    }

    private SharedScreen Screen(bool isTerminal) => new(
        bytes =>
        {
            _written.Append(Encoding.Latin1.GetString(bytes));
            return WriteStatus.Done;
        },
        isTerminal,
        static () => 20);
}
