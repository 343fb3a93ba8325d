using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// What became of datagrams that nobody took. A host tells a socket without a fixed peer of that only if asked to, and
/// whose datagram it was only through a queue of its own (Linux's IP_RECVERR; ip(7)). On other hosts this does nothing.
/// </summary>
internal static unsafe partial class SocketDoorErrors
{
    private const int InternetLevel = 0;
    private const int ReceiveErrorsOption = 11;
    private const int ErrorQueueFlag = 0x2000;
    private const int DontWaitFlag = 0x40;
    private const uint ConnectionRefused = 111;

    /// <summary>
    /// struct cmsghdr, after which comes struct sock_extended_err, which begins with the error's number.
    /// </summary>
    private const int ControlHeaderBytes = 16;

    private const int AddressBytes = 16;
    private const int ControlBytes = 64;

    private static bool IsSupported => OperatingSystem.IsLinux() && sizeof(nint) == 8;

    /// <summary>Asks the host to tell.</summary>
    public static void Ask(Socket socket)
    {
        if (!IsSupported)
        {
            return;
        }

        try
        {
            socket.SetRawSocketOption(InternetLevel, ReceiveErrorsOption, BitConverter.GetBytes(1));
        }
        catch (SocketException)
        {
            // Then nobody is told; datagrams pass all the same.
        }
    }

    /// <summary>Takes all that the host has told, and tells it on.</summary>
    public static void Tell(Socket socket, SocketDoorPost post, int identity)
    {
        while (IsSupported && TryTake(socket, out var to, out uint error))
        {
            if (error == ConnectionRefused)
            {
                post.Post(new SocketDoorMessage(SocketDoorMessageKind.UdpRefused, identity, to));
            }
        }
    }

    private static bool TryTake(Socket socket, out HostEndpoint to, out uint error)
    {
        to = default;
        error = 0;
        bool isHeld = false;
        try
        {
            socket.SafeHandle.DangerousAddRef(ref isHeld);
            var address = SocketDoorAddresses.Create();
            var control = stackalloc byte[ControlBytes];

            // SAFETY: name and control are as long as their lengths say and outlive the call; the handle is held open.
            fixed (byte* name = address.Buffer.Span)
            {
                var header = new MessageHeader
                {
                    Name = name, NameBytes = AddressBytes, Control = control, ControlBytes = ControlBytes,
                };
                if (ReceiveMessage((int)socket.SafeHandle.DangerousGetHandle(), &header, ErrorQueueFlag | DontWaitFlag) < 0)
                {
                    return false;
                }

                to = address.Get();
                error = header.ControlBytes >= ControlHeaderBytes + sizeof(uint) ? *(uint*)(control + ControlHeaderBytes) : 0;
                return true;
            }
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            if (isHeld)
            {
                socket.SafeHandle.DangerousRelease();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "recvmsg")]
    private static partial nint ReceiveMessage(int socket, MessageHeader* header, int flags);

    /// <summary>struct msghdr of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public byte* Name;
        public uint NameBytes;
        public nint Pieces;
        public nuint PieceCount;
        public byte* Control;
        public nuint ControlBytes;
        public int Flags;
    }
}
