using System.Diagnostics;
using System.Text;
using NUnit.Framework;
using RiscvXv6.Emulator.Cli.Scripts;
using RiscvXv6.Tests.Fuzz;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Scripts;

/// <summary>Script files made of true ones, broken in places, and of noise: each is read, or complained of in one line with a place.</summary>
internal sealed class ScriptFuzzTests
{
    private const int Files = 6_000;
    private const int Seed = 20_261_121;

    /// <summary>Far more than the worst file takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly string[] Pieces =
    [
        "machine:", "kernel: LICENSE", "harts: 3", "disk: LICENSE", "net: user", "matrix:", "harts: 1..8", "cut: [1, 2]", "steps:", "- run: ls", "- boot",
        "  expect: x", "  within: 3s", "- repeat: 3", "  steps:", "- power cut at write: ${cut}", "- net faults: drop=1%", "{", "}", "[", "]", ",", ": ", "- ", "? ",
        "&a", "*a", "!!str", "!x", "|", ">", "'", "\"", "\\x", "\\", "#", "---", "...", "%YAML 1.2", "\t", "\n", "\n  ", "\r\n", "\u0000", "\u0085", "\u2028", "é", "🦊", "${", "$${", "}",
        "~", "null", "1..9999999", "1..10000:1", "99999999999999999999", "regex: '('", "{regex: 'a{1,9999}'}", "{regex: '(a*)*b'}", "<<: *a", "@", "`",
    ];

    [Test]
    public void No_file_makes_the_reader_throw_or_hang()
    {
        var random = new Random(Seed);
        string[] corpus = [.. Directory.GetFiles(RepositoryFiles.PathOf("xv6-guest-image", "tests"), "*.yaml").Select(File.ReadAllText)];
        int accepted = 0;
        for (int file = 0; file < Files; file++)
        {
            string text = random.Next(4) == 0 ? Noise(random) : Damage(random, Shorten(corpus[random.Next(corpus.Length)]));
            accepted += Outcome(Encoding.UTF8.GetBytes(text)) ? 1 : 0;
        }

        TestContext.Out.WriteLine($"{Files} files from seed {Seed}: {accepted} accepted");
        Assert.That(accepted, Is.InRange(Files / 100, Files - Files / 10), "the files are too broken, or too good, to test much");
    }

    [Test]
    public void Any_bytes_at_all_are_survived()
    {
        var random = new Random(Seed);
        for (int file = 0; file < Files; file++)
        {
            byte[] bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Outcome(bytes);
        }
    }

    [Test]
    public void The_harness_sees_what_is_no_complaint()
    {
        Assert.That(() => OutcomeOf(static () => throw new FormatException("a reader that throws")), Throws.TypeOf<FuzzFailureException>());
        Assert.That(
            () => OutcomeOf(static () => throw new ScriptException(new Emulator.Scripts.ScriptPlace("f", 1, 1), "one\ntwo")),
            Throws.TypeOf<FuzzFailureException>());
    }

    private static bool Outcome(byte[] bytes)
    {
        var watch = Stopwatch.StartNew();
        bool isAccepted = OutcomeOf(() => ScriptReader.Read(ScriptFile.Path, bytes, []));
        return watch.Elapsed < Patience
            ? isAccepted
            : throw new FuzzFailureException($"it took {watch.Elapsed.TotalSeconds:f1} s: {Encoding.UTF8.GetString(bytes)}");
    }

    private static bool OutcomeOf(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (ScriptException e)
        {
            return e.Message.Contains('\n') || e.Place.Line < 1 || e.Place.Column < 1
                ? throw new FuzzFailureException($"no good complaint: {e.Message}")
                : false;
        }
        catch (Exception e)
        {
            throw new FuzzFailureException($"the reader threw: {e}");
        }
    }

    /// <summary>A sweep of many cases would take long to read, thousands of times.</summary>
    private static string Shorten(string script) => script
        .Replace("1..600:13", "1..3", StringComparison.Ordinal)
        .Replace("1..60:6", "1..3", StringComparison.Ordinal)
        .Replace("../image", "xv6-guest-image/image", StringComparison.Ordinal);

    private static string Noise(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => Pieces[random.Next(Pieces.Length)] + (random.Next(3) == 0 ? "\n" : " ")));

    private static string Damage(Random random, string text)
    {
        for (int left = random.Next(4); left > 0; left--)
        {
            int at = random.Next(text.Length + 1);
            int length = Math.Min(random.Next(12), text.Length - at);
            text = random.Next(5) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
                2 => text.Insert(at, text.Substring(at, length)),
                3 => text[..at],
                _ => text.Insert(at, ((char)random.Next(1, 0x300)).ToString()),
            };
        }

        return text;
    }
}
