namespace RiscvXv6.Tests.Fuzz;

/// <summary>A device broke one of the harness's promises.</summary>
internal sealed class FuzzFailureException(string message, Exception? cause = null) : Exception(message, cause);
