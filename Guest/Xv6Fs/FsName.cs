using System.Globalization;
using System.Text;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>
/// A directory entry's name: bytes up to the first zero, at most 14. xv6 does not say what they mean; people type UTF-8. A name
/// from an image may be anything, so that it is shown only as <see cref="Text"/>.
/// </summary>
public readonly struct FsName : IEquatable<FsName>
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[]? _bytes;

    private FsName(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public bool IsEmpty => Bytes.IsEmpty;

    public bool IsDot => Bytes.SequenceEqual("."u8);

    public bool IsDotDot => Bytes.SequenceEqual(".."u8);

    /// <summary>For people: what is no printable character, and the backslash, is escaped.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder();
            for (var rest = Bytes; !rest.IsEmpty;)
            {
                bool isValid = Rune.DecodeFromUtf8(rest, out var rune, out int length) == System.Buffers.OperationStatus.Done;
                if (isValid && rune.Value == '\\')
                {
                    text.Append(@"\\");
                }
                else if (isValid && IsPrintable(rune))
                {
                    text.Append(rune.ToString());
                }
                else
                {
                    foreach (byte value in rest[..length])
                    {
                        text.Append(CultureInfo.InvariantCulture, $@"\x{value:x2}");
                    }
                }

                rest = rest[length..];
            }

            return text.ToString();
        }
    }

    /// <summary>The name as text, if it is UTF-8.</summary>
    public bool TryDecode(out string text)
    {
        try
        {
            text = s_strict.GetString(Bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }

    public bool Equals(FsName other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is FsName other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    public override string ToString() => Text;

    /// <param name="field">An entry's 14 bytes.</param>
    internal static FsName Read(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return new FsName((end < 0 ? field : field[..end]).ToArray());
    }

    /// <summary>A name as a person gives it.</summary>
    /// <returns>Why it can't be one, or null.</returns>
    internal static FsError? Create(string text, out FsName name)
    {
        name = default;
        byte[] bytes;
        try
        {
            bytes = s_strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            return new FsError(FsErrorKind.BadName, "a name is not valid Unicode; rename it");
        }

        name = new FsName(bytes);
        if (bytes.Length > FsFormat.NameBytes)
        {
            return new FsError(
                FsErrorKind.BadName,
                $"the name {name.Text} has {bytes.Length} bytes, and xv6's have at most {FsFormat.NameBytes}; shorten it");
        }

        return bytes.Length == 0 || bytes.AsSpan().ContainsAny((byte)0, (byte)'/')
            ? new FsError(FsErrorKind.BadName, $"'{name.Text}' can't be a name on the image; choose another")
            : null;
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
        or UnicodeCategory.OtherNotAssigned);
}
