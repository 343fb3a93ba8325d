using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RiscvXv6.Tests.Support;

/// <summary>A small client of a debugger's port: says what it is told to and takes what comes, strictly.</summary>
internal sealed class GdbClient : IDisposable
{
    private const int PatienceMilliseconds = 30_000;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _received = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <param name="port">Of the loop-back interface.</param>
    public GdbClient(int port)
    {
        _socket.NoDelay = true;
        _socket.ReceiveTimeout = PatienceMilliseconds;
        _socket.SendTimeout = PatienceMilliseconds;
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>Acknowledgements come before replies and are given to them, as until QStartNoAckMode.</summary>
    public bool Acknowledges { get; set; } = true;

    /// <summary>A packet around its content.</summary>
    public static byte[] Frame(string content)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(content);
        int sum = bytes.Sum(static value => value);
        return [(byte)'$', .. bytes, .. Encoding.ASCII.GetBytes($"#{sum & 0xff:x2}")];
    }

    /// <summary>Hexadecimal digits as bytes.</summary>
    public static byte[] Bytes(string digits) => Convert.FromHexString(digits);

    /// <summary>A register's digits, lowest byte first.</summary>
    public static string Digits(ulong value) => Convert.ToHexStringLower(BitConverter.GetBytes(value));

    /// <summary>The value of a register's digits.</summary>
    public static ulong Value(string digits) => BitConverter.ToUInt64(Convert.FromHexString(digits.PadRight(16, '0')));

    /// <summary>Sends a packet and takes its reply.</summary>
    public string Ask(string packet)
    {
        Send(packet);
        return Receive();
    }

    /// <summary>Sends a packet, and takes its acknowledgement.</summary>
    public void Send(string packet)
    {
        SendRaw(Frame(packet));
        if (Acknowledges)
        {
            Expect("+");
        }
    }

    /// <summary>Sends bytes as they are.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    public void SendRaw(string characters) => SendRaw(Encoding.Latin1.GetBytes(characters));

    /// <summary>Takes a packet and acknowledges it.</summary>
    /// <returns>Its content, one character for each byte, escapes resolved.</returns>
    public string Receive()
    {
        Expect("$");
        return ReceiveContent();
    }

    /// <summary>Takes a packet, with any acknowledgements that come before it.</summary>
    public string ReceiveAfterAcknowledgements()
    {
        char taken;
        do
        {
            taken = (char)Take();
        }
        while (taken == '+');

        return taken == '$' ? ReceiveContent() : throw new InvalidDataException($"'{taken}' came instead of a packet");
    }

    /// <summary>Takes these characters as they come.</summary>
    public void Expect(string characters)
    {
        foreach (char expected in characters)
        {
            char taken = (char)Take();
            if (taken != expected)
            {
                throw new InvalidDataException($"'{taken}' came instead of '{expected}', and then '{Encoding.Latin1.GetString(_received[_start.._end])}'");
            }
        }
    }

    /// <summary>True if nothing at all comes for a while.</summary>
    public bool IsSilent(int milliseconds = 100) => _start == _end && !_socket.Poll(milliseconds * 1000, SelectMode.SelectRead);

    /// <summary>True if the other side closes the connection, after whatever else it had to say.</summary>
    public bool IsClosed()
    {
        try
        {
            while (_socket.Receive(_received) > 0)
            {
            }

            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

    /// <summary>Vanishes: the other side gets a reset instead of an end.</summary>
    public void Vanish()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private string ReceiveContent()
    {
        var content = new StringBuilder();
        int sum = 0;
        for (byte value; (value = Take()) != '#';)
        {
            sum += value;
            if (value == '}')
            {
                value = Take();
                sum += value;
                value ^= 0x20;
            }

            content.Append((char)value);
        }

        string digits = $"{(char)Take()}{(char)Take()}";
        if (digits != (sum & 0xff).ToString("x2", CultureInfo.InvariantCulture))
        {
            throw new InvalidDataException($"'{content}' has the checksum {digits}, not {sum & 0xff:x2}");
        }

        if (Acknowledges)
        {
            SendRaw("+"u8);
        }

        return content.ToString();
    }

    private byte Take()
    {
        if (_start == _end)
        {
            _start = 0;
            _end = _socket.Receive(_received);
            if (_end == 0)
            {
                throw new EndOfStreamException("the other side has closed the connection");
            }
        }

        return _received[_start++];
    }
}
