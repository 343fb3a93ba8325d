using RiscvXv6.Devices.Net.Host;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Emulator.Machine;

/// <summary>What the far end of a network card's cable may use of the machine.</summary>
/// <param name="Clock">The machine's clock.</param>
/// <param name="Scheduler">For its timers.</param>
/// <param name="Channels">The way in for its host threads.</param>
/// <param name="Notice">Takes a line that a person ought to read; on the machine thread.</param>
/// <param name="WhenQuiet">
/// Takes something that is to be done when the guest falls idle, now and then, and at the end of a run: writing out a capture.
/// </param>
internal sealed record NetworkContext(
    IGuestClock Clock, EventScheduler Scheduler, IHostChannels Channels, Action<string> Notice, Action<Action> WhenQuiet);
