using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using RiscvXv6.Devices.Net.Peers;

namespace RiscvXv6.Tests.Devices.Net.Peers;

/// <summary>The web service, by requests written here and answers read here.</summary>
public sealed class WebServiceTests
{
    [Test]
    public void The_page_says_how_long_it_is_and_the_connection_stays()
    {
        var answer = Ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Head[0], Is.EqualTo("HTTP/1.1 200 OK"));
            Assert.That(answer.Head, Does.Contain($"Content-Length: {answer.Body.Length}"));
            Assert.That(Encoding.ASCII.GetString(answer.Body), Does.Contain("<h1>"));
            Assert.That(answer.HasEnded, Is.False);
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(1000)]
    [TestCase(1_000_003)]
    public void Bytes_count_up_modulo_251(int length)
    {
        byte[] expected = new byte[length];
        for (int i = 0; i < length; i++)
        {
            expected[i] = (byte)(i % 251);
        }

        Assert.That(
            SHA256.HashData(Ask($"GET /bytes/{length} HTTP/1.1\r\n\r\n").Body),
            Is.EqualTo(SHA256.HashData(expected)));
    }

    [Test]
    public void A_sum_is_the_count_and_the_hash_of_what_was_sent([Values("POST", "PUT")] string method)
    {
        // printf abc | sha256sum
        const string hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        Assert.That(
            Encoding.ASCII.GetString(Ask($"{method} /sum HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc").Body),
            Is.EqualTo($"3 {hash}\n"));
    }

    [TestCase("GET /nothing HTTP/1.1\r\n\r\n", "404 Not Found")]
    [TestCase("GET /bytes/-1 HTTP/1.1\r\n\r\n", "404 Not Found")]
    [TestCase("GET /bytes/1x HTTP/1.1\r\n\r\n", "404 Not Found")]
    [TestCase("GET /bytes/ HTTP/1.1\r\n\r\n", "404 Not Found")]
    [TestCase("GET /bytes/99999999999999999999 HTTP/1.1\r\n\r\n", "404 Not Found")]
    [TestCase("DELETE / HTTP/1.1\r\n\r\n", "405 Method Not Allowed")]
    [TestCase("GET /sum HTTP/1.1\r\n\r\n", "405 Method Not Allowed")]
    [TestCase("POST /sum HTTP/1.1\r\n\r\n", "411 Length Required")]
    [TestCase("POST /sum HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "411 Length Required")]
    [TestCase("POST /sum HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", "400 Bad Request")]
    [TestCase("POST /sum HTTP/1.1\r\nContent-Length: -3\r\n\r\n", "400 Bad Request")]
    [TestCase("hello\r\n\r\n", "400 Bad Request")]
    [TestCase("\r\n\r\n", "400 Bad Request")]
    [TestCase("GET / SMTP\r\n\r\n", "400 Bad Request")]
    public void What_can_not_be_answered_is_refused_and_ends_the_connection(string request, string status)
    {
        var answer = Ask(request);
        Assert.That((answer.Head[0], answer.HasEnded), Is.EqualTo(($"HTTP/1.1 {status}", true)));
    }

    [Test]
    public void A_head_without_end_is_refused()
    {
        var conversation = new WebService().Accept();
        while (conversation.ReceiveRoomBytes is > 0 and < int.MaxValue)
        {
            conversation.Receive("x"u8);
        }

        Assert.That(ReadAll(conversation), Does.StartWith("HTTP/1.1 431 "));
        Assert.That(conversation.HasEnded, Is.True);
    }

    [Test]
    public void A_head_alone_has_no_body()
    {
        var answer = Ask("HEAD /bytes/1000 HTTP/1.1\r\n\r\n");
        Assert.That(answer.Head, Does.Contain("Content-Length: 1000"));
        Assert.That(answer.Body, Is.Empty);
    }

    [Test]
    public void Whoever_waits_for_leave_to_send_gets_it()
    {
        var conversation = new WebService().Accept();
        conversation.Receive("POST /sum HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n"u8);
        Assert.That(ReadAll(conversation), Is.EqualTo("HTTP/1.1 100 Continue\r\n\r\n"));
        conversation.Receive("x"u8);
        Assert.That(ReadAll(conversation), Does.StartWith("HTTP/1.1 200 OK\r\n"));
    }

    [TestCase("GET / HTTP/1.0\r\n\r\n", true)]
    [TestCase("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false)]
    [TestCase("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", true)]
    public void The_connection_ends_when_the_protocol_says_so(string request, bool ends) =>
        Assert.That(Ask(request).HasEnded, Is.EqualTo(ends));

    [Test]
    public void Requests_in_one_piece_or_byte_by_byte_get_the_same_answers_in_order()
    {
        byte[] requests = Encoding.ASCII.GetBytes(
            "GET /bytes/10 HTTP/1.1\r\n\r\nPOST /sum HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET /bytes/20 HTTP/1.1\n\nHEAD / HTTP/1.1\r\n\r\n"
            + "GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
        string whole = Feed(requests, requests.Length);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(whole.Split("200 OK"), Has.Length.EqualTo(6));
            Assert.That(Feed(requests, 1), Is.EqualTo(whole));
            Assert.That(Feed(requests, 7), Is.EqualTo(whole));
        }
    }

    [Test]
    public void No_bytes_at_all_make_it_throw_or_say_more_than_it_was_asked()
    {
        var random = new Random(20_261_121);
        string[] pieces =
        [
            "GET ", "POST ", "HEAD ", "/", "/bytes/", "12", "/sum", " HTTP/1.1", " HTTP/1.0", "\r\n", "\n", "\r\n\r\n", "Content-Length: ", "3", "99",
            "Expect: 100-continue", "Connection: close", "Transfer-Encoding: chunked", ":", " ", "\0", "é",
        ];
        long answers = 0;
        for (int run = 0; run < 20_000; run++)
        {
            byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)])));
            string said = Feed(text, 1 + random.Next(30));
            answers += said.Length;
            Assert.That(said, Has.Length.LessThan(20 * (12_399 + 500)));
        }

        Assert.That(answers, Is.GreaterThan(100_000), "the requests are too broken to test much");
    }

    private static string Feed(byte[] requests, int pieceBytes)
    {
        var conversation = new WebService().Accept();
        var said = new StringBuilder();
        for (int at = 0; at < requests.Length;)
        {
            int length = Math.Min(Math.Min(pieceBytes, requests.Length - at), conversation.ReceiveRoomBytes);
            conversation.Receive(requests.AsSpan(at, length));
            at += length;
            said.Append(ReadAll(conversation));
        }

        conversation.EndReceive();
        said.Append(ReadAll(conversation));
        Assert.That(conversation.HasEnded, Is.True);
        return said.ToString();
    }

    private static (string[] Head, byte[] Body, bool HasEnded) Ask(string request)
    {
        var conversation = new WebService().Accept();
        conversation.Receive(Encoding.ASCII.GetBytes(request));
        byte[] said = Encoding.Latin1.GetBytes(ReadAll(conversation));
        int end = said.AsSpan().IndexOf("\r\n\r\n"u8);
        return (Encoding.Latin1.GetString(said, 0, end).Split("\r\n"), said[(end + 4)..], conversation.HasEnded);
    }

    private static string ReadAll(IPeerConversation conversation)
    {
        var said = new StringBuilder();
        byte[] room = new byte[1000];
        for (int length; (length = conversation.Read(room)) > 0;)
        {
            said.Append(Encoding.Latin1.GetString(room, 0, length));
        }

        return said.ToString();
    }
}
