using System.Runtime.InteropServices;
using System.Text;

namespace RiscvXv6.Devices.Net.Backends;

/// <summary>
/// Frames through a TAP device: the guest is on the host's own network, through the kernel's TUN/TAP driver. No script is run; who made
/// the device configures it.
/// </summary>
public sealed partial class TapTransport : IFrameTransport
{
    private const string CloneDevice = "/dev/net/tun";
    private const int NameBytes = 16;
    private const int RequestBytes = 40;
    private const int ReadWrite = 2;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const nuint SetInterface = 0x4004_54ca;
    private const short TapFlag = 2;
    private const short NoPacketInformation = 0x1000;
    private const short PollIn = 1;
    private const int PollMilliseconds = 100;
    private const int HoldMilliseconds = 1;
    private const int FailureMilliseconds = 20;

    private readonly OutgoingFrames _outgoing = new();
    private readonly int _device;
    private readonly string _interface;
    private volatile bool _isEnded;
    private Thread? _receiver;
    private Thread? _sender;

    /// <exception cref="NetworkBackendException">There is no such thing here, or no permission.</exception>
    public TapTransport(TapOptions options)
    {
        _interface = options.InterfaceName;
        byte[] name = Encoding.UTF8.GetBytes(_interface);
        if (name.Length is 0 or >= NameBytes)
        {
            throw new NetworkBackendException($"'{_interface}' is no name of an interface: 1 to 15 characters");
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new NetworkBackendException("TAP devices are there on Linux only");
        }

        _device = Open(CloneDevice, ReadWrite | NonBlocking | CloseOnExec);
        if (_device < 0)
        {
            throw Failed(Marshal.GetLastPInvokeError());
        }

        Span<byte> request = stackalloc byte[RequestBytes];
        request.Clear();
        name.CopyTo(request);
        MemoryMarshal.Write(request[NameBytes..], (short)(TapFlag | NoPacketInformation));
        if (Control(_device, SetInterface, ref MemoryMarshal.GetReference(request)) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            Close(_device);
            throw Failed(error);
        }
    }

    public string Name => "tap";

    public bool IsUpAtStart => true;

    public void Start(ITransportEvents events)
    {
        _receiver = new Thread(() => Receive(events)) { IsBackground = true, Name = $"{_interface} receiver" };
        _sender = new Thread(Send) { IsBackground = true, Name = $"{_interface} sender" };
        _receiver.Start();
        _sender.Start();
    }

    public bool TrySend(ReadOnlySpan<byte> frame) => _outgoing.TryAdd(frame);

    public void Dispose()
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        _outgoing.Close();
        _sender?.Join();
        _receiver?.Join();
        Close(_device);
    }

    private NetworkBackendException Failed(int error)
    {
        const int notPermitted = 1, noEntry = 2, noDevice = 19, noSuchDevice = 6, denied = 13, busy = 16, invalid = 22;
        return new NetworkBackendException(error switch
        {
            notPermitted or denied => $"no permission for the TAP device {_interface}: let root make it for you"
                + $" (ip tuntap add dev {_interface} mode tap user NAME; ip link set {_interface} up)",
            noEntry or noDevice or noSuchDevice => $"this host has no TAP devices ({CloneDevice} is absent)",
            busy => $"the TAP device {_interface} is in use",
            invalid => $"{_interface} is an interface of another kind",
            _ => $"the TAP device {_interface} can't be had: {Marshal.GetPInvokeErrorMessage(error)}",
        });
    }

    private void Receive(ITransportEvents events)
    {
        byte[] frame = new byte[PeerBackend.MaxFrameBytes];
        while (!_isEnded)
        {
            // What is not read waits in the device's queue, and then is lost there.
            if (events.PendingBytes > PeerBackend.PendingMaxBytes)
            {
                Thread.Sleep(HoldMilliseconds);
                continue;
            }

            var poll = new PollRequest { Descriptor = _device, Events = PollIn };
            if (Poll(ref poll, 1, PollMilliseconds) <= 0)
            {
                continue;
            }

            nint length = Read(_device, ref frame[0], (nuint)frame.Length);
            if (length > 0)
            {
                events.FrameReceived(frame.AsSpan(0, (int)length));
            }
            else if (!_isEnded)
            {
                Thread.Sleep(FailureMilliseconds); // The interface is down.
            }
        }
    }

    private void Send()
    {
        byte[] frame = new byte[PeerBackend.MaxFrameBytes];
        for (int length = _outgoing.WaitFrame(frame); length > 0; length = _outgoing.WaitFrame(frame))
        {
            Write(_device, ref frame[0], (nuint)length);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, ref byte argument);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollRequest requests, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
