namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>A frame as a driver finds it in its buffers.</summary>
/// <param name="Bytes">All its buffers.</param>
/// <param name="Status">Of its last descriptor.</param>
/// <param name="Errors">Of its last descriptor.</param>
/// <param name="Checksum">Of its last descriptor.</param>
/// <param name="Special">Of its last descriptor.</param>
/// <param name="Descriptors">How many it took, null ones included.</param>
internal sealed record ReceivedFrame(byte[] Bytes, byte Status, byte Errors, ushort Checksum, ushort Special, int Descriptors);
