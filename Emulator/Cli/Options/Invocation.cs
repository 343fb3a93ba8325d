using System.Collections.Immutable;

namespace RiscvXv6.Emulator.Cli.Options;

/// <summary>What a request was made of: given to <see cref="FrontDoors.Parse"/> again, it is the same request.</summary>
/// <param name="Arguments">As the program got them.</param>
/// <param name="Prepended">The value of <see cref="FrontDoors.EnvironmentVariable"/>, or null.</param>
/// <param name="Host">Facts that defaults depend on.</param>
internal sealed record Invocation(ImmutableArray<string> Arguments, string? Prepended, HostFacts Host);
