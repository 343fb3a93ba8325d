using System.Text;
using NUnit.Framework;
using RiscvXv6.Emulator.Cli.Terminal;

namespace RiscvXv6.Tests.Cli;

/// <summary>Ctrl-A, as QEMU's manual has it in "Keys in the character backend multiplexer".</summary>
internal sealed class EscapeKeysTests
{
    [TestCase("abc", "abc", "")]
    [TestCase("a\u0001xb", "ab", "Quit")]
    [TestCase("\u0001h\u0001?", "", "Help Help")]
    [TestCase("\u0001\u0001", "\u0001", "")]
    [TestCase("\u0001\u0001x", "\u0001x", "")]
    [TestCase("\u0001c\u0001b", "", "Monitor Break")]
    [TestCase("\u0001zq", "q", "")]
    [TestCase("\u0003\u001a", "\u0003\u001a", "")]
    public void Keys_are_the_guests_but_after_Ctrl_A(string typed, string forGuest, string commands)
    {
        var (guest, obeyed) = Feed(new EscapeKeys(isOn: true), typed);
        Assert.That((guest, obeyed), Is.EqualTo((forGuest, commands)));
    }

    [Test]
    public void Without_escape_keys_everything_is_the_guests() =>
        Assert.That(Feed(new EscapeKeys(isOn: false), "\u0001x"), Is.EqualTo(("\u0001x", "")));

    [Test]
    public void The_reader_keeps_the_order_and_reports_the_end()
    {
        var chunks = new Queue<string>(["ab\u0001", "xcd", "e"]);
        var receiver = new Receiver();
        new ConsoleReader(
            buffer => chunks.TryDequeue(out string? chunk) ? Encoding.Latin1.GetBytes(chunk, buffer) : 0,
            new EscapeKeys(isOn: true),
            receiver).Pump();
        Assert.That(receiver.Events, Is.EqualTo(new[] { "ab", "", "Quit", "cd", "e", "end" }).Or.EqualTo(
            new[] { "ab", "Quit", "cd", "e", "end" }));
    }

    private static (string Guest, string Commands) Feed(EscapeKeys keys, string typed)
    {
        var guest = new StringBuilder();
        List<EscapeCommand> commands = [];
        foreach (char c in typed)
        {
            if (keys.Accept((byte)c, out var command))
            {
                guest.Append(c);
            }

            if (command != EscapeCommand.None)
            {
                commands.Add(command);
            }
        }

        return (guest.ToString(), string.Join(' ', commands));
    }

    private sealed class Receiver : IConsoleReceiver
    {
        public List<string> Events { get; } = [];

        public void Accept(ReadOnlySpan<byte> keys) => Events.Add(Encoding.Latin1.GetString(keys));

        public void Obey(EscapeCommand command) => Events.Add(command.ToString());

        public void InputBegins()
        {
        }

        public void InputEnded() => Events.Add("end");
    }
}
