using System.Security.Cryptography;
using System.Text;

namespace RiscvXv6.Devices.Net.Peers;

/// <summary>One connection to the web service: requests one after the other, each answered before the next is read.</summary>
internal sealed class WebConversation : IPeerConversation
{
    private const int HeadBytes = 8192;
    private const int AnswerBytes = 4096;

    private const string Page = """
        <!DOCTYPE html>
        <title>riscvxv6</title>
        <h1>It works</h1>
        <p>This page comes from a peer of riscvxv6's network.
        <p>/bytes/N has N bytes; POST something to /sum for its SHA-256.

        """;

    private readonly byte[] _head = new byte[HeadBytes];
    private readonly ByteQueue _answer = new(AnswerBytes);
    private int _headLength;
    private WebRequest _request;
    private IncrementalHash? _sum;
    private long _contentLeft;
    private long _bytesSent;
    private long _bytesLeft;
    private bool _isLast;
    private bool _closes;

    public int ReceiveRoomBytes =>
        _closes ? int.MaxValue
        : IsAnswering ? 0
        : _contentLeft > 0 ? (int)Math.Min(_contentLeft, int.MaxValue)
        : HeadBytes - _headLength;

    public bool HasEnded => (_closes || _isLast) && !IsAnswering;

    private bool IsAnswering => _answer.Count > 0 || _bytesLeft > 0;

    public void Receive(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty && !_closes)
        {
            if (_contentLeft > 0)
            {
                int length = (int)Math.Min(_contentLeft, data.Length);
                TakeContent(data[..length]);
                data = data[length..];
            }
            else
            {
                // What follows the head in the same bytes is kept with it.
                int length = Math.Min(HeadBytes - _headLength, data.Length);
                data[..length].CopyTo(_head.AsSpan(_headLength));
                _headLength += length;
                data = data[length..];
                if (IsAnswering || !TakeHead())
                {
                    return;
                }
            }
        }
    }

    public void EndReceive() => _isLast = true;

    public int Read(Span<byte> room)
    {
        int total = _answer.Read(room);
        int length = (int)Math.Min(_bytesLeft, room.Length - total);
        for (int i = 0; i < length; i++)
        {
            room[total + i] = (byte)((_bytesSent + i) % WebService.Modulus);
        }

        _bytesSent += length;
        _bytesLeft -= length;
        total += length;
        if (!IsAnswering && !_closes && _contentLeft == 0 && _headLength > 0)
        {
            TakeHead();
        }

        return total;
    }

    /// <summary>Answers the request in <see cref="_head"/>, if it is whole. False if there is none.</summary>
    private bool TakeHead()
    {
        var text = _head.AsSpan(0, _headLength);
        int end = text.IndexOf("\r\n\r\n"u8);
        int rest = end + 4;
        int bareEnd = (end < 0 ? text : text[..end]).IndexOf("\n\n"u8);
        if (bareEnd >= 0)
        {
            // RFC 9112 "Message Parsing" lets a recipient take a bare line feed.
            end = bareEnd;
            rest = bareEnd + 2;
        }

        if (end < 0)
        {
            if (_headLength == HeadBytes)
            {
                Refuse(WebRequest.HeadTooLong);
            }

            return false;
        }

        _request = WebRequest.Parse(text[..end]);
        byte[] kept = text[rest..].ToArray();
        _headLength = 0;
        Begin();
        if (kept.Length > 0)
        {
            Receive(kept);
        }

        return !IsAnswering;
    }

    private void Begin()
    {
        if (_request.Status != WebRequest.Ok)
        {
            Refuse(_request.Status);
            return;
        }

        switch (_request.Target)
        {
            case WebTarget.Page:
                Answer("200 OK", "text/html; charset=utf-8", Page.Length, Page);
                break;
            case WebTarget.Bytes:
                Answer("200 OK", "application/octet-stream", _request.Length, "");
                _bytesSent = 0;
                _bytesLeft = _request.Method == WebMethod.Head ? 0 : _request.Length;
                break;
            case WebTarget.Sum:
                _sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                _contentLeft = _request.ContentLength;
                if (_contentLeft == 0)
                {
                    AnswerSum();
                }
                else if (_request.WantsContinue)
                {
                    Say("HTTP/1.1 100 Continue\r\n\r\n");
                }

                break;
        }
    }

    private void TakeContent(ReadOnlySpan<byte> data)
    {
        _sum!.AppendData(data);
        _contentLeft -= data.Length;
        if (_contentLeft == 0)
        {
            AnswerSum();
        }
    }

    private void AnswerSum()
    {
        string text = $"{_request.ContentLength} {Convert.ToHexStringLower(_sum!.GetHashAndReset())}\n";
        _sum.Dispose();
        _sum = null;
        Answer("200 OK", "text/plain", text.Length, text);
    }

    /// <summary>After a request that can't be understood, nobody knows where the next one begins.</summary>
    private void Refuse(int status)
    {
        string reason = status switch
        {
            WebRequest.NotFound => "404 Not Found",
            WebRequest.NotAllowed => "405 Method Not Allowed",
            WebRequest.LengthRequired => "411 Length Required",
            WebRequest.HeadTooLong => "431 Request Header Fields Too Large",
            _ => "400 Bad Request",
        };
        _request = _request with { StaysOpen = false };
        Answer(reason, "text/plain", reason.Length + 1, reason + "\n");
    }

    private void Answer(string status, string type, long length, string content)
    {
        _closes = !_request.StaysOpen;
        Say($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n"
            + (status.StartsWith("405", StringComparison.Ordinal) ? "Allow: GET, HEAD, POST, PUT\r\n" : "")
            + (_closes ? "Connection: close\r\n\r\n" : "\r\n")
            + (_request.Method == WebMethod.Head ? "" : content));
    }

    private void Say(string text) => _answer.Write(Encoding.ASCII.GetBytes(text));
}
