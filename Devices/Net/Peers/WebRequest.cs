using System.Buffers.Text;

namespace RiscvXv6.Devices.Net.Peers;

/// <summary>The head of an HTTP request, as far as anybody here asks (RFC 9112 "Message").</summary>
/// <param name="Status">200, or why it can't be answered.</param>
/// <param name="Method">What is wanted.</param>
/// <param name="Target">Of the path: the page, bytes, or the sum.</param>
/// <param name="Length">Of <c>/bytes/N</c>.</param>
/// <param name="ContentLength">Bytes that follow the head.</param>
/// <param name="StaysOpen">The connection takes another request.</param>
/// <param name="WantsContinue">The client waits for leave to send its content (RFC 9110 "Expect").</param>
internal readonly record struct WebRequest(
    int Status, WebMethod Method, WebTarget Target, long Length, long ContentLength, bool StaysOpen, bool WantsContinue)
{
    public const int BadRequest = 400, NotFound = 404, NotAllowed = 405, LengthRequired = 411, HeadTooLong = 431, Ok = 200;

    private const long MaxLength = 1L << 40;

    /// <param name="head">All lines up to the empty one.</param>
    public static WebRequest Parse(ReadOnlySpan<byte> head)
    {
        var line = NextLine(ref head);
        int first = line.IndexOf((byte)' ');
        int last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first || !line[(last + 1)..].StartsWith("HTTP/1."u8))
        {
            return new WebRequest(BadRequest, WebMethod.Other, WebTarget.None, 0, 0, false, false);
        }

        var method = MethodOf(line[..first]);
        var (target, length) = TargetOf(line[(first + 1)..last]);
        bool staysOpen = line.EndsWith("1.1"u8);
        long content = 0;
        bool hasContent = false;
        bool isCoded = false;
        bool wantsContinue = false;
        while (!head.IsEmpty)
        {
            var field = NextLine(ref head);
            if (HasName(field, "content-length"u8, out var value))
            {
                // Two that differ could be read in two ways (RFC 9112 "Content-Length").
                if (!Utf8Parser.TryParse(value, out long number, out int used) || used != value.Length || number is < 0 or > MaxLength
                    || hasContent && number != content)
                {
                    return new WebRequest(BadRequest, method, target, 0, 0, false, false);
                }

                content = number;
                hasContent = true;
            }
            else if (HasName(field, "transfer-encoding"u8, out _))
            {
                isCoded = true;
            }
            else if (HasName(field, "connection"u8, out value))
            {
                staysOpen = staysOpen && !EqualsIgnoringCase(value, "close"u8) || EqualsIgnoringCase(value, "keep-alive"u8);
            }
            else if (HasName(field, "expect"u8, out value))
            {
                wantsContinue = EqualsIgnoringCase(value, "100-continue"u8);
            }
        }

        int status = (target, method) switch
        {
            _ when isCoded => LengthRequired,
            (WebTarget.None, _) => NotFound,
            (WebTarget.Sum, WebMethod.Put) when !hasContent => LengthRequired,
            (WebTarget.Sum, WebMethod.Put) => Ok,
            (WebTarget.Page or WebTarget.Bytes, WebMethod.Get or WebMethod.Head) => Ok,
            _ => NotAllowed,
        };
        return new WebRequest(status, method, target, length, content, staysOpen && !isCoded, wantsContinue);
    }

    private static WebMethod MethodOf(ReadOnlySpan<byte> method) =>
        method.SequenceEqual("GET"u8) ? WebMethod.Get
        : method.SequenceEqual("HEAD"u8) ? WebMethod.Head
        : method.SequenceEqual("POST"u8) || method.SequenceEqual("PUT"u8) ? WebMethod.Put
        : WebMethod.Other;

    private static (WebTarget Target, long Length) TargetOf(ReadOnlySpan<byte> path)
    {
        var bytes = "/bytes/"u8;
        if (path.SequenceEqual("/"u8))
        {
            return (WebTarget.Page, 0);
        }

        if (path.SequenceEqual("/sum"u8))
        {
            return (WebTarget.Sum, 0);
        }

        if (path.StartsWith(bytes))
        {
            var number = path[bytes.Length..];
            if (!number.IsEmpty && char.IsAsciiDigit((char)number[0]) && Utf8Parser.TryParse(number, out long length, out int used)
                && used == number.Length && length <= MaxLength)
            {
                return (WebTarget.Bytes, length);
            }
        }

        return (WebTarget.None, 0);
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(end + 1)..];
        return line.TrimEnd((byte)'\r');
    }

    private static bool HasName(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        bool has = field.Length > name.Length && field[name.Length] == ':' && EqualsIgnoringCase(field[..name.Length], name);
        value = has ? field[(name.Length + 1)..].Trim(" \t"u8) : default;
        return has;
    }

    private static bool EqualsIgnoringCase(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => System.Text.Ascii.EqualsIgnoreCase(a, b);
}

/// <summary>What a request wants; POST is taken as PUT.</summary>
internal enum WebMethod
{
    Other,
    Get,
    Head,
    Put,
}

/// <summary>What it wants that of.</summary>
internal enum WebTarget
{
    None,
    Page,
    Bytes,
    Sum,
}
