using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RiscvXv6.Tests.Cli;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Grading;

/// <summary>
/// Drives a machine as the grader of MIT's labs does: through make, by pipes, with a debugger's client that never acknowledges, asks nothing
/// and says no more than "continue" and "stop there". What it waits for and how long is the grader's.
/// </summary>
internal sealed class LabGrader : IDisposable
{
    /// <summary>How long it tries to connect after each piece of output with a line's end. The grader tries for 2 seconds, on a host that has time.</summary>
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("riscvxv6-lab-").FullName;
    private readonly StringBuilder _output = new();
    private readonly Process _make;
    private readonly byte[] _buffer = new byte[4096];
    private Socket? _debugger;
    private Task<int>? _reading;
    private int _seen;

    /// <summary>Starts <c>make qemu-gdb</c> with a rule that, as a lab's, says what to do next and then starts the machine.</summary>
    /// <param name="port">The debugger's; nobody may listen there.</param>
    /// <param name="command">The machine, as the rule has it.</param>
    public LabGrader(int port, string command)
    {
        if (TryConnect(port) is { } other)
        {
            other.Dispose();
            throw new LabGraderException("a machine appears to be running already");
        }

        Port = port;
        File.WriteAllText(Path.Join(_folder, "Makefile"), $"qemu-gdb:\n\t@echo \"now run gdb in another window\" 1>&2\n\t{command}\n");
        string make = Requirement.Tool("make", "make");
        string line = $"exec {make} -s --no-print-directory -C {_folder} qemu-gdb 2>&1";
        _make = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", line])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["RISCVXV6_ARGS"] = "" },
        })!;
    }

    public int Port { get; }

    /// <summary>All that make and the machine printed.</summary>
    public string Output => _output.ToString();

    /// <summary>The program with a debugger's port, halted, as a line of a rule.</summary>
    public static string Machine(int port, string kernel, params string[] more) =>
        $"dotnet {BuiltProgram.Assembly} -machine virt -bios none -kernel {kernel} -m 128M -smp 3 -nographic "
        + $"-global virtio-mmio.force-legacy=false {string.Join(' ', more)} -S -gdb tcp::{port}";

    /// <summary>Waits for the port as the grader does: at each piece of output with a line's end, up to <paramref name="patience"/>.</summary>
    public void Connect(TimeSpan patience)
    {
        var watch = Stopwatch.StartNew();
        while (_debugger is null)
        {
            if (watch.Elapsed > patience || Read(TimeSpan.FromSeconds(1)) is not { } piece)
            {
                throw new LabGraderException($"no debugger's port: {Output}");
            }

            for (var trying = Stopwatch.StartNew(); piece.Contains('\n') && _debugger is null && trying.Elapsed < ConnectPatience && watch.Elapsed < patience;)
            {
                _debugger = TryConnect(Port);
                Thread.Sleep(10);
            }
        }
    }

    /// <summary>Asks for a stop at an address: the packet alone.</summary>
    public void StopAt(ulong address) => Send($"Z1,{address.ToString("x", CultureInfo.InvariantCulture)},1");

    public void Continue() => Send("c");

    /// <summary>Waits for a stop reply, and overlooks all else.</summary>
    public void WaitForStop(TimeSpan patience)
    {
        _debugger!.ReceiveTimeout = (int)patience.TotalMilliseconds;
        var told = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!told.ToString().Contains("$T05", StringComparison.Ordinal))
        {
            int length;
            try
            {
                length = _debugger.Receive(buffer);
            }
            catch (SocketException e)
            {
                throw new LabGraderException($"no stop: {told}", e);
            }

            if (length == 0)
            {
                throw new LabGraderException($"the debugger's port was closed: {told}");
            }

            told.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }
    }

    /// <summary>Waits for output behind what was waited for before.</summary>
    public void WaitFor(string text, TimeSpan patience)
    {
        int from = _seen;
        for (var watch = Stopwatch.StartNew(); ;)
        {
            int at = Output.IndexOf(text, from, StringComparison.Ordinal);
            if (at >= 0)
            {
                _seen = at + text.Length;
                return;
            }

            if (watch.Elapsed > patience || Read(TimeSpan.FromSeconds(1)) is null)
            {
                throw new LabGraderException($"no '{text}' in {Output}");
            }
        }
    }

    public void Type(string text)
    {
        _make.StandardInput.Write(text);
        _make.StandardInput.Flush();
    }

    /// <summary>Closes the machine's standard input.</summary>
    public void CloseInput() => _make.StandardInput.Close();

    /// <summary>SIGTERM to make, then all output until its end.</summary>
    /// <returns>How long that took.</returns>
    public TimeSpan Terminate(TimeSpan patience)
    {
        var watch = Stopwatch.StartNew();
        using var kill = Process.Start("kill", ["-TERM", $"{_make.Id}"]);
        while (Read(patience - watch.Elapsed) is { Length: > 0 })
        {
        }

        return IsOver ? watch.Elapsed : throw new LabGraderException($"the machine was not shut down: {Output}");
    }

    public void Dispose()
    {
        _debugger?.Dispose();
        _make.Kill(entireProcessTree: true);
        _make.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Nobody has the output open any more.</summary>
    private bool IsOver { get; set; }

    private static Socket? TryConnect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private void Send(string packet)
    {
        int sum = packet.Sum(static letter => letter) & 0xff;
        _debugger!.Send(Encoding.ASCII.GetBytes($"${packet}#{sum:x2}"));
    }

    /// <returns>What was printed next; empty if nothing in time; null at the end.</returns>
    private string? Read(TimeSpan patience)
    {
        _reading ??= _make.StandardOutput.BaseStream.ReadAsync(_buffer, 0, _buffer.Length);
        if (patience > TimeSpan.Zero && !_reading.Wait(patience))
        {
            return "";
        }

        if (!_reading.IsCompleted)
        {
            return "";
        }

        int length = _reading.Result;
        _reading = null;
        IsOver = length == 0;
        string piece = Encoding.Latin1.GetString(_buffer, 0, length);
        _output.Append(piece);
        return IsOver ? null : piece;
    }
}

/// <summary>What the grader would print as a failure.</summary>
internal sealed class LabGraderException(string message, Exception? inner = null) : Exception(message, inner);
