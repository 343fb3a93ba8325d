using System.Text;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>Packets of gdb's protocol, whole and broken, drawn from a seed.</summary>
internal sealed class GdbCorpus(Random random)
{
    /// <summary>What leaves the guest as it is: reading, stopping, stepping and going on where it stands.</summary>
    private static readonly string[] Harmless =
    [
        "?", "g", "p20", "p141", "p1041", "pffffffffffffffff", "m80000000,40", "m80001ff0,20", "m0,1", "m7fffffffffffffff,ffffffff", "x80000040,100", "c", "s", "C05", "S05",
        "vCont;c", "vCont;s:1", "vCont;r80000040,80000050:1", "vCont;s:-1", "vCont;t", "vCont?", "vCont;c:p1.1", "Z0,80000044,4", "z0,80000044,4", "Z1,80000048,4",
        "z1,80000048,4", "Z2,80002000,8", "z2,80002000,8", "Z3,80002000,1", "z3,80002000,1", "Z4,80001ffc,8", "z4,80001ffc,8", "Z2,ffffffffffffffff,ffffffffffffffff",
        "Z0,80000046,2", "Z5,1,1", "Hg0", "Hg1", "Hc-1", "Hc1", "T1", "T9", "qC", "qfThreadInfo", "qsThreadInfo", "qThreadExtraInfo,1", "qAttached", "qSupported:swbreak+;hwbreak+",
        "qXfer:features:read:target.xml:0,ffb", "qXfer:features:read:target.xml:7ff,fffffffffffffff", "qXfer:threads:read::0,ffb", "qXfer:threads:read::1,0",
        "qSearch:memory:80000000;10000;abc", "qSearch:memory:0;ffffffffffffffff;\u0013", "qqemu.PhyMemMode", "qRcmd,68656c70", "qRcmd,696e666f20726567", "qRcmd,", "qRcmd,0a00ff7f", "vMustReplyEmpty", "D", "qSymbol::", "",
    ];

    /// <summary>What changes it, or ends the session's rules.</summary>
    private static readonly string[] Harmful =
    [
        "G" + "00112233445566778899aabbccddeeff", "P1=1122334455667788", "P20=4000008000000000", "P20=ffffffffffffffff", "P141=0000000000000080", "P1c1=ffffffffffffffff",
        "P341=ffffffffffffffff", "P1041=0100000000000000", "P1041=0000000000000000", "M80000040,4:ffffffff", "M80002000,8:0102030405060708", "X80000048,2:\u0001\u0000",
        "M10000000,1:41", "c80000040", "s0", "C05;ffffffffffffffff", "vCont;s:2", "vCont;c:3", "vCont;r0,ffffffffffffffff:2", "Qqemu.PhyMemMode:1", "Qqemu.PhyMemMode:0",
        "QStartNoAckMode", "Hg3", "Hc2",
    ];

    /// <summary>A packet's content, one character for each byte; three of four are whole.</summary>
    /// <param name="mayHarm">It may change the guest.</param>
    public string Content(bool mayHarm)
    {
        while (true)
        {
            var pool = mayHarm && random.Next(3) == 0 ? Harmful : Harmless;
            string content = pool[random.Next(pool.Length)];
            for (int changes = random.Next(4) == 0 ? random.Next(1, 4) : 0; changes > 0; changes--)
            {
                content = Mangle(content);
            }

            if (IsAllowed(content, mayHarm))
            {
                return content;
            }
        }
    }

    /// <summary>Bytes as a client might send them: a packet, one with a wrong checksum, half of one, or none at all.</summary>
    public byte[] Wire(bool mayHarm)
    {
        byte[] packet = GdbClient.Frame(Escape(Content(mayHarm)));
        switch (random.Next(12))
        {
            case 0:
                packet[^1] ^= 1;
                return packet;
            case 1:
                return packet[..random.Next(packet.Length)];
            case 2:
                return [3];
            case 3:
                return Encoding.ASCII.GetBytes(random.Next(2) == 0 ? "-" : "+");
            case 4:
                byte[] noise = new byte[random.Next(40)];
                random.NextBytes(noise);
                return mayHarm ? noise : [.. noise.Where(static value => value != '$')];
            default:
                return packet;
        }
    }

    /// <summary>What a client does to a content whose characters mean something on the wire.</summary>
    private static string Escape(string content) => string.Concat(content.Select(static value => value is '$' or '#' or '}' ? $"}}{(char)(value ^ 0x20)}" : $"{value}"));

    private static bool IsAllowed(string content, bool mayHarm)
    {
        // The end is tested by itself.
        if (content.StartsWith('k') || content.StartsWith("vKill", StringComparison.Ordinal))
        {
            return false;
        }

        bool hasAddress = content.Length > 1 && content[0] is 'c' or 's' || content.Contains(';') && content[0] is 'C' or 'S';
        return mayHarm || content.Length == 0 || (content[0] is not ('M' or 'X' or 'G' or 'P' or 'Q') && !hasAddress);
    }

    private string Mangle(string content)
    {
        int at = random.Next(content.Length + 1);
        char noise = random.Next(3) == 0 ? (char)random.Next(256) : "0123456789abcdef,;:=-.?pZzvH"[random.Next(28)];
        return random.Next(5) switch
        {
            0 => content.Insert(at, noise.ToString()),
            1 when content.Length > 0 => content.Remove(Math.Min(at, content.Length - 1), 1),
            2 when at < content.Length => content[..at] + noise + content[(at + 1)..],
            3 => content[..at],
            _ => content + new string(noise, random.Next(1, 30)),
        };
    }
}
