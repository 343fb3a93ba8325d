using System.Text;
using NUnit.Framework;
using RiscvXv6.Emulator.Cli.Terminal;

namespace RiscvXv6.Tests.Cli;

internal sealed class LineEditorTests
{
    private const string Left = "\e[D";
    private const string Right = "\e[C";
    private const string Up = "\e[A";
    private const string Down = "\e[B";

    private static readonly string[] s_names = ["info mem", "info mtree", "quit"];

    [TestCase("abc", "abc|")]
    [TestCase("abc\u007f", "ab|")]
    [TestCase("abc\b\b", "a|")]
    [TestCase("\u007f", "|")]
    [TestCase("abc" + Left + Left + "x", "ax|bc")]
    [TestCase("abc" + Left + Right + Right + "x", "abcx|")]
    [TestCase("abc\u0001x", "x|abc")]
    [TestCase("abc\u0001\u0005x", "abcx|")]
    [TestCase("abc\u0002\u0006\u0002x", "abx|c")]
    [TestCase("abc\e[Hx\e[Fy", "xabcy|")]
    [TestCase("abc\e[1~\e[3~", "|bc")]
    [TestCase("abc\u0001\u0004", "|bc")]
    [TestCase("one two\u0017", "one |")]
    [TestCase("one two  \u0017", "one |")]
    [TestCase("one two" + Left + Left + "\u0015", "|wo")]
    [TestCase("one two" + Left + Left + "\u000b", "one t|")]
    [TestCase("abc\u0003x", "x|")]
    [TestCase("a\u00e9\u0000\u001ab", "ab|")]
    [TestCase("a\e[99;99Xb\eOCc", "abc|")]
    [TestCase("inf\t", "info m|")]
    [TestCase("q\t", "quit |")]
    [TestCase("nothing\t", "nothing|")]
    public void Keys_make_a_line(string keys, string line)
    {
        var editor = Editor();
        Type(editor, keys);
        Assert.That(editor.Text.Insert(editor.Cursor, "|"), Is.EqualTo(line));
    }

    [TestCase("one\rtwo\r" + Up + Up, "one|")]
    [TestCase("one\rtwo\r" + Up + Up + Up + Down, "two|")]
    [TestCase("one\rtwo\rhal" + Up + Down, "hal|")]
    [TestCase("one\rone\r \rtwo\r" + Up + Up, "one|")]
    [TestCase("one\r\u0010", "one|")]
    [TestCase("one\r\u0010\u000e", "|")]
    public void Former_lines_come_again(string keys, string line)
    {
        var editor = Editor();
        Type(editor, keys);
        Assert.That(editor.Text.Insert(editor.Cursor, "|"), Is.EqualTo(line));
    }

    [TestCase("a\rb\nc\r\nd\n\n", "a b c d ")]
    [TestCase("\r\n\n", " ")]
    public void Lines_end_as_files_and_keyboards_end_them(string keys, string entered)
    {
        var editor = Editor();
        Assert.That(string.Join(' ', Type(editor, keys)), Is.EqualTo(entered));
    }

    [Test]
    public void Several_ways_to_go_on_are_shown()
    {
        var editor = Editor();
        Type(editor, "info m");
        Assert.That(editor.Accept((byte)'\t'), Is.EqualTo(LineEdit.Choices));
        Assert.That(editor.Choices, Is.EqualTo(new[] { "info mem", "info mtree" }));
    }

    [Test]
    public void A_line_is_not_longer_than_it_may_be()
    {
        var editor = new LineEditor(5, static _ => ["abcdefgh"]);
        Type(editor, "abcdefg\t");
        Assert.That(editor.Text, Is.EqualTo("abcde"));
    }

    /// <summary>Whatever bytes come, the cursor stays in the line, and nothing throws.</summary>
    [Test]
    public void Any_bytes_are_taken()
    {
        var random = new Random(5);
        var editor = Editor();
        for (int count = 0; count < 200_000; count++)
        {
            byte key = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"\e[ABCDHF~3\tinfo \b"[random.Next(17)];
            editor.Accept(key);
            Assert.That(editor.Cursor, Is.InRange(0, editor.Text.Length));
            Assert.That(editor.Text, Has.Length.LessThanOrEqualTo(40));
        }
    }

    private static LineEditor Editor() => new(
        40, text => [.. s_names.Where(name => name.StartsWith(text, StringComparison.Ordinal))]);

    private static List<string> Type(LineEditor editor, string keys)
    {
        var entered = new List<string>();
        foreach (byte key in Encoding.Latin1.GetBytes(keys))
        {
            if (editor.Accept(key) == LineEdit.Entered)
            {
                entered.Add(editor.Entered);
            }
        }

        return entered;
    }
}
