using System.Buffers.Binary;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>The far end's PAUSE frames (IEEE 802.3 "MAC Control PAUSE operation").</summary>
internal static class PauseFrames
{
    /// <summary>What the frame takes on the wire: preamble, 64 bytes, at 8 ns.</summary>
    public const ulong WireNanoseconds = (8 + 64) * 8;

    /// <summary>Makes the card obey PAUSE frames, as Linux's driver does.</summary>
    public static void Enable(E1000Driver driver)
    {
        driver.Write(E1000Register.Fcal, 0x00c2_8001);
        driver.Write(E1000Register.Fcah, 0x0100);
        driver.Write(E1000Register.Fct, 0x8808);
        driver.Write(E1000Register.Ctrl, driver.Read(E1000Register.Ctrl) | 1u << 27);
        driver.Write(E1000Register.Rctl, driver.Read(E1000Register.Rctl) | 1u << 1);
    }

    /// <summary>Puts a PAUSE frame on the cable.</summary>
    public static void Send(E1000Driver driver, ushort slots)
    {
        byte[] frame = new byte[60];
        Convert.FromHexString("0180c2000001" + "020000000002" + "8808" + "0001").CopyTo(frame, 0);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(16), slots);
        driver.Cable.Client.Receive(frame, FrameInfo.None);
    }

    /// <summary>Sends a PAUSE frame, and lets it arrive.</summary>
    public static void Receive(E1000Driver driver, ushort slots)
    {
        Enable(driver);
        Send(driver, slots);
        driver.RunFor(WireNanoseconds);
    }
}
