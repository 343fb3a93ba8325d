using System.Collections.Immutable;
using System.Text;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Scripts;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>
/// Reads one YAML document into values with places: no tags, no anchors, bounded in size and depth, so that whatever a file holds costs
/// no more than a line of complaint.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>The longest script.</summary>
    public const int MostBytes = 256 * 1024;

    private const int MostDepth = 24;

    private readonly string _file;
    private readonly Parser _parser;

    private YamlReader(string file, string text)
    {
        _file = file;
        _parser = new Parser(new StringReader(text));
    }

    /// <param name="file">As complaints name it.</param>
    /// <param name="bytes">At most <see cref="MostBytes"/>.</param>
    /// <exception cref="ScriptException">It is not such a document.</exception>
    public static YamlValue Read(string file, byte[] bytes)
    {
        var start = new ScriptPlace(file, 1, 1);
        if (bytes.Length > MostBytes)
        {
            throw new ScriptException(start, $"a script has at most {MostBytes >> 10} KiB; is this the right file?");
        }

        string text;
        try
        {
            var utf8 = new UTF8Encoding(true, throwOnInvalidBytes: true);
            text = utf8.GetString(bytes.AsSpan(bytes.AsSpan().StartsWith(utf8.Preamble) ? utf8.Preamble.Length : 0));
        }
        catch (DecoderFallbackException)
        {
            throw new ScriptException(start, "is not text in UTF-8; is it a script?");
        }

        // A scanner of a file with a byte that YAML forbids may go on without it; better to say so.
        int control = text.AsSpan().IndexOfAnyInRange('\0', '\x08');
        if (control >= 0)
        {
            var before = text.AsSpan(0, control);
            throw new ScriptException(
                new ScriptPlace(file, before.Count('\n') + 1, control - before.LastIndexOf('\n')),
                $"has a control character (0x{(int)text[control]:x2}); write it as \"\\x{(int)text[control]:x2}\" in quotation marks");
        }

        var reader = new YamlReader(file, text);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            throw new ScriptException(reader.PlaceOf(e.Start), $"is not YAML: {Sentence(e)}");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException or FormatException
            or OverflowException or InvalidCastException or NullReferenceException or KeyNotFoundException)
        {
            // The library's own faults, on files that nobody wrote by hand.
            throw new ScriptException(start, "is not YAML that can be read");
        }
    }

    private YamlValue ReadDocument()
    {
        Next();
        Next();
        if (_parser.Current is StreamEnd)
        {
            throw new ScriptException(new ScriptPlace(_file, 1, 1), "is empty; a script has steps: docs/guest-tests.md shows one");
        }

        Next();
        var value = ReadValue(0);
        Next();
        Next();
        return _parser.Current is StreamEnd
            ? value
            : throw new ScriptException(
                PlaceOf(_parser.Current!.Start), "a second document begins here; put each script into its own file");
    }

    /// <summary>Reads the value whose first event is at hand, up to its last.</summary>
    private YamlValue ReadValue(int depth)
    {
        var current = _parser.Current!;
        var place = PlaceOf(current.Start);
        if (depth >= MostDepth && current is (SequenceStart or MappingStart))
        {
            throw new ScriptException(place, $"is nested more than {MostDepth} deep; no script needs that");
        }

        switch (current)
        {
            case AnchorAlias:
                throw new ScriptException(place, "aliases (*name) are not supported; write it again, or use repeat or matrix");
            case NodeEvent { Anchor.IsEmpty: false }:
                throw new ScriptException(place, "anchors (&name) are not supported; use repeat or matrix");
            case NodeEvent node when !node.Tag.IsEmpty && !node.Tag.IsNonSpecific:
                throw new ScriptException(place, "tags (!name) are not supported; leave it out");
            case Scalar scalar:
                return new YamlValue.Scalar(place, scalar.Value, scalar.Style != ScalarStyle.Plain);
            case SequenceStart:
                var items = ImmutableArray.CreateBuilder<YamlValue>();
                for (Next(); _parser.Current is not SequenceEnd; Next())
                {
                    items.Add(ReadValue(depth + 1));
                }

                return new YamlValue.Sequence(place, items.ToImmutable());
            case MappingStart:
                return ReadMapping(place, depth);
            default:
                throw new ScriptException(place, "can't be understood here");
        }
    }

    private YamlValue.Mapping ReadMapping(ScriptPlace place, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var keys = new HashSet<string>();
        for (Next(); _parser.Current is not MappingEnd; Next())
        {
            var key = ReadValue(depth + 1) as YamlValue.Scalar
                ?? throw new ScriptException(place, "has a key that is not a text");
            if (!keys.Add(key.Text))
            {
                throw new ScriptException(key.Place, $"{OptionValues.Quote(key.Text)} is here twice; leave one");
            }

            Next();
            entries.Add(new YamlEntry(key, ReadValue(depth + 1)));
        }

        return new YamlValue.Mapping(place, entries.ToImmutable());
    }

    private void Next()
    {
        if (!_parser.MoveNext())
        {
            throw new ScriptException(new ScriptPlace(_file, 1, 1), "ends in the middle");
        }
    }

    private ScriptPlace PlaceOf(Mark mark) => new(_file, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    /// <summary>The library's sentence without its place, which is said already.</summary>
    private static string Sentence(YamlException e)
    {
        string message = e.Message;
        int colon = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        message = (colon < 0 ? message : message[(colon + 3)..]).TrimEnd('.');
        return string.Concat(message.Select(static c => char.IsControl(c) ? ' ' : c));
    }
}
