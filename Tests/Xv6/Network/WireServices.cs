using System.Buffers.Binary;
using System.Text;

namespace RiscvXv6.Tests.Xv6.Network;

/// <summary>What a host answers to DHCP and DNS: bytes from bytes.</summary>
internal static class WireServices
{
    /// <summary>What the guest is told to be, so that it shows if the answer was taken: not what it is without one.</summary>
    public const uint Guest = 0x0a00022a;

    public const uint Gateway = 0x0a000202;
    public const uint NameServer = 0x0a000203;
    public const uint LeaseSeconds = 600;

    private const int DhcpOptions = 240;
    private const byte Discover = 1;
    private const byte Offer = 2;
    private const byte Acknowledge = 5;

    private static readonly Dictionary<string, uint> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pdos.csail.mit.edu"] = 0x8034817e, // what the courses' test asks for and expects
        ["www.example"] = 0x0a010203,
    };

    /// <summary>RFC 2131: an offer to a discovery, an acknowledgement to a request.</summary>
    public static byte[] AnswerDhcp(ReadOnlySpan<byte> question)
    {
        byte[] answer = new byte[DhcpOptions + 64];
        question[..44].CopyTo(answer);
        answer[0] = 2;
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(16), Guest);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(20), Gateway);
        question[236..240].CopyTo(answer.AsSpan(236));

        byte kind = KindOf(question[DhcpOptions..]) == Discover ? Offer : Acknowledge;
        var options = new List<byte> { 53, 1, kind };
        Add(options, 54, Gateway);
        Add(options, 51, LeaseSeconds);
        Add(options, 1, 0xffffff00);
        Add(options, 3, Gateway);
        Add(options, 6, NameServer);
        options.Add(255);
        options.CopyTo(answer, DhcpOptions);
        return answer;
    }

    /// <summary>RFC 1035: the address of a name in the table, alias.example as one of www.example, or that there is none.</summary>
    public static byte[] AnswerDns(ReadOnlySpan<byte> question)
    {
        int end = 12;
        var labels = new List<string>();
        for (; question[end] != 0; end += 1 + question[end])
        {
            labels.Add(Encoding.ASCII.GetString(question.Slice(end + 1, question[end])));
        }

        end += 5;
        string name = string.Join('.', labels);
        bool alias = name.Equals("alias.example", StringComparison.OrdinalIgnoreCase);
        bool known = Names.TryGetValue(alias ? "www.example" : name, out uint address);
        var answer = new List<byte>();
        answer.AddRange(question[..2]);
        answer.AddRange([0x81, (byte)(known ? 0x80 : 0x83), 0, 1, 0, (byte)(known ? alias ? 2 : 1 : 0), 0, 0, 0, 0]);
        answer.AddRange(question[12..end]);
        if (alias)
        {
            // www, and then example where the question has it: after the six bytes of "alias".
            answer.AddRange([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 6, 3, (byte)'w', (byte)'w', (byte)'w', 0xc0, 12 + 6]);
        }

        if (known)
        {
            int owner = alias ? end + 12 : 12;
            answer.AddRange([(byte)(0xc0 | owner >> 8), (byte)owner, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
            answer.AddRange([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]);
        }

        return [.. answer];
    }

    private static byte KindOf(ReadOnlySpan<byte> options)
    {
        while (options.Length > 2 && options[0] != 255)
        {
            if (options[0] == 53)
            {
                return options[2];
            }

            options = options[0] == 0 ? options[1..] : options[(2 + options[1])..];
        }

        return 0;
    }

    private static void Add(List<byte> options, byte code, uint value) =>
        options.AddRange([code, 4, (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);
}
