namespace RiscvXv6.Devices.Net.Backends;

/// <summary>
/// The host can't provide a back end. The message is a clause that follows the option's name: <c>port 5555 of 127.0.0.1 is in use</c>.
/// </summary>
public sealed class NetworkBackendException(string message, Exception? inner = null) : Exception(message, inner);
