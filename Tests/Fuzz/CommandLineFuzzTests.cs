using NUnit.Framework;
using RiscvXv6.Emulator.Cli;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Qemu;
using RiscvXv6.Tests.Cli;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// Command lines made of true options, broken ones and noise. Whatever is given, parsing either succeeds or complains in one
/// line: no other exception, no hang.
/// </summary>
internal sealed class CommandLineFuzzTests
{
    private const int Lines = 20_000;
    private const int Seed = 20_261_121;

    private static readonly string[] Values =
    [
        "virt", "none", "default", "128M", "1G", "0", "-1", "3", "99999999999999999999", "1e9", "0x10", "", ",", ",,", "=", "on=",
        "file=f,if=none,format=raw,id=x0", "virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0", "user,id=net0", "e1000,netdev=net0",
        "filter-dump,id=net0,netdev=net0,file=p", "virtio-mmio.force-legacy=false", "driver=a,property=b,value=c", "mon:stdio",
        "file:", "base=2020-01-01", "base=9999-12-31", "int,unimp", "cpus=2,cores=2", "sockets=8,cores=8,threads=8", "help", "?",
        "user,id=n,net=10.1.0.0/16,host=10.1.0.9,dns=10.1.0.8,dhcpstart=10.1.0.20,restrict=on,hostfwd=tcp::5555-:5556,dns-host=a=1.2.3.4",
        "user,id=m,hostfwd=udp:127.0.0.1:1-10.0.2.15:2,guestfwd=tcp:10.0.2.100:80-tcp:127.0.0.1:8080,peers=on+echo:7,bootfile=b,tftp=.",
        "user,model=e1000,mac=52:54:00:12:34:56,addr=3", "nic,model=e1000,macaddr=1:2:3:4:5:6", "e1000,netdev=n,fidelity=lab,pci-bus=pci33,addr=0x1f",
        "socket,id=s,listen=:8900", "socket,id=c,connect=127.0.0.1:8900", "socket,id=u,udp=127.0.0.1:1,localaddr=:2", "socket,mcast=239.0.0.1:1",
        "stream,id=t,server=on,addr.type=unix,addr.path=s", "stream,addr.type=inet,addr.host=[::1],addr.port=1,reconnect=5",
        "dgram,remote.type=inet,remote.port=1,local.type=inet,local.port=2", "tap,id=a,ifname=tap0,script=no", "hubport,id=h,hubid=0,netdev=n",
        "netdev=n,drop=1%,burst=2.5,dup=1ppm,delay=1ms,jitter=1us,rate=10Mbit,flap=1s/1ms,seed=0x1,direction=rx", "f.pcapng,netdev=n",
        "www.example=1.2.3.4", "lab", "run", "net", "serve", "echo:0", "version", "disasm", "--", "-", "a b", "\0", "\n", "é🦊", "tcp::1234", "--harts", "--disk", "k", "\ud800",
    ];

    [Test]
    public void No_command_line_makes_the_parser_throw()
    {
        var random = new Random(Seed);
        int runs = 0;
        for (int line = 0; line < Lines; line++)
        {
            runs += Outcome(RandomLine(random), RandomEnvironment(random)) == ExitCode.Success ? 1 : 0;
        }

        TestContext.Out.WriteLine($"{Lines} lines from seed {Seed}: {runs} accepted");
        Assert.That(runs, Is.GreaterThan(Lines / 100), "the lines are too broken to test much");
    }

    [Test]
    public void Any_strings_at_all_are_survived()
    {
        var random = new Random(Seed);
        for (int line = 0; line < Lines; line++)
        {
            string[] arguments = [.. Enumerable.Range(0, random.Next(5)).Select(_ => Noise(random))];
            Outcome(arguments, random.Next(2) == 0 ? Noise(random) : null);
        }
    }

    [Test]
    public void Any_value_of_any_option_is_survived()
    {
        var random = new Random(Seed);
        foreach (var row in QemuOptionTable.Rows)
        {
            for (int i = 0; i < 100; i++)
            {
                Outcome(["-bios", "none", "-kernel", "k", "-" + row.Name, Noise(random)], null);
            }
        }
    }

    [Test]
    public void The_harness_sees_an_exception_that_is_no_complaint() =>
        Assert.That(
            () => OutcomeOf(static () => throw new FormatException("a parser that throws")),
            Throws.TypeOf<FuzzFailureException>());

    [Test]
    public void The_harness_sees_a_complaint_of_two_lines() =>
        Assert.That(() => OutcomeOf(static () => throw new UsageException("one\ntwo")), Throws.TypeOf<FuzzFailureException>());

    private static int Outcome(string[] arguments, string? environment) =>
        OutcomeOf(() => FrontDoors.Parse(arguments, environment, CommandLineDriver.Host));

    private static int OutcomeOf(Func<Request> parse)
    {
        try
        {
            parse();
            return ExitCode.Success;
        }
        catch (UsageException e)
        {
            return e.Message.Contains('\n')
                ? throw new FuzzFailureException($"more than one line: {e.Message}")
                : ExitCode.BadCommandLine;
        }
        catch (Exception e)
        {
            throw new FuzzFailureException($"the parser threw: {e}");
        }
    }

    private static string[] RandomLine(Random random)
    {
        List<string> line = random.Next(3) switch
        {
            0 => ["run", "k"],
            1 => ["-bios", "none", "-kernel", "k"],
            _ => [],
        };
        int count = random.Next(6);
        if (random.Next(3) == 0)
        {
            // A network and its card, or options of networks would mostly fail for want of one.
            line.AddRange(line is ["run", ..] ? ["--net", "user,id=n"] : ["-netdev", "user,id=n", "-device", "e1000,netdev=n"]);
        }

        for (int i = 0; i < count; i++)
        {
            var row = QemuOptionTable.Rows[random.Next(QemuOptionTable.Rows.Length)];
            string name = random.Next(10) == 0 ? Mangle(random, row.Name) : row.Name;
            line.Add((random.Next(4) == 0 ? "--" : "-") + name);
            if (row.Argument is not null || random.Next(8) == 0)
            {
                string value = Values[random.Next(Values.Length)];
                line.Add(random.Next(6) == 0 ? Mangle(random, value) : value);
            }
        }

        return [.. line];
    }

    private static string Noise(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(3) switch
        {
            0 => "-,='\"\\ .:"[random.Next(9)],
            1 => (char)random.Next(32, 127),
            _ => (char)random.Next(0x1_0000),
        }));

    private static string? RandomEnvironment(Random random) =>
        random.Next(4) switch
        {
            0 => string.Join(' ', RandomLine(random)),
            1 => Mangle(random, "-smp 2 'a b' \"c\" \\"),
            _ => null,
        };

    private static string Mangle(Random random, string text)
    {
        int at = random.Next(text.Length + 1);
        char noise = (char)random.Next(1, 0x300);
        return random.Next(3) switch
        {
            0 => text.Insert(at, noise.ToString()),
            1 => text.Remove(Math.Min(at, Math.Max(0, text.Length - 1)), text.Length == 0 ? 0 : 1),
            _ => text + text,
        };
    }
}
