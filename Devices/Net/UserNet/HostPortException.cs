namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>A port of the host can't be had. The message is a clause that follows the option's name: <c>port 5555 of 127.0.0.1 is in use</c>.</summary>
public sealed class HostPortException(string message, Exception? inner = null) : Exception(message, inner);
