using NUnit.Framework;
using RiscvXv6.Tests.Devices.Interrupts;

namespace RiscvXv6.Tests.Devices.Plic;

/// <summary>The PLIC against a model that is as plain as can be: a list of sources, each a row of booleans, searched in order.</summary>
public sealed class PlicModelTests
{
    private const int HartCount = 2;
    private const int ContextCount = 2 * HartCount;

    /// <summary>Few sources, so that they meet: the words' edges, neighbours and the last.</summary>
    private static readonly int[] Sources = [1, 2, 10, 31, 32, 33, 63, 64, 95];

    [Test]
    public void Random_sequences_give_the_model_s_claims_pending_bits_and_lines([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var plic = new PlicDriver(HartCount);
        var model = new Model();
        for (int step = 0; step < 1_000; step++)
        {
            int id = Sources[random.Next(Sources.Length)];
            int context = random.Next(ContextCount);
            switch (random.Next(8))
            {
                case 0:
                    bool level = random.Next(2) == 0;
                    plic.Device.Source(id).Set(level);
                    model.SetLevel(id, level);
                    break;
                case 1:
                    plic.Device.Source(id).Pulse();
                    model.Pulse(id);
                    break;
                case 2:
                    uint priority = (uint)random.Next(16);
                    plic.SetPriority(id, priority);
                    model.Of(id).Priority = (int)(priority & 7);
                    break;
                case 3:
                    plic.Enable(context, id);
                    model.Of(id).Enabled[context] = true;
                    break;
                case 4:
                    uint threshold = (uint)random.Next(16);
                    plic.SetThreshold(context, threshold);
                    model.Thresholds[context] = (int)(threshold & 7);
                    break;
                case 5:
                    uint done = (uint)random.Next(100);
                    plic.Complete(context, done);
                    model.Complete(done);
                    break;
                case 6:
                    plic.Complete(context, (uint)id);
                    model.Complete((uint)id);
                    break;
                default:
                    Assert.That(plic.Claim(context), Is.EqualTo(model.Claim(context)), $"step {step}");
                    break;
            }

            RequireSame(plic, model, step);
        }
    }

    private static void RequireSame(PlicDriver plic, Model model, int step)
    {
        for (int hart = 0; hart < HartCount; hart++)
        {
            RequireLine(plic.Machine[hart], model, 2 * hart, step);
            RequireLine(plic.Supervisor[hart], model, 2 * hart + 1, step);
        }

        foreach (int id in Sources)
        {
            Assert.That(plic.Pending(id) == 1, Is.EqualTo(model.Of(id).Pending), $"pending {id}, step {step}");
        }
    }

    private static void RequireLine(RecordingLine line, Model model, int context, int step) =>
        Assert.That(line.IsUp, Is.EqualTo(model.Best(context) is not null), $"context {context}, step {step}");

    private sealed class Source(int id)
    {
        public int Id => id;

        public bool[] Enabled { get; } = new bool[ContextCount];

        public int Priority { get; set; }

        public bool Level { get; set; }

        public bool Pending { get; set; }

        public bool Claimed { get; set; }
    }

    private sealed class Model
    {
        private readonly List<Source> _sources = [.. Enumerable.Range(1, 95).Select(id => new Source(id))];

        public int[] Thresholds { get; } = new int[ContextCount];

        public Source Of(int id) => _sources[id - 1];

        public void SetLevel(int id, bool level)
        {
            var source = Of(id);
            if (level && !source.Level)
            {
                source.Pending = true;
            }
            else if (!level)
            {
                source.Pending = false;
            }

            source.Level = level;
        }

        public void Pulse(int id)
        {
            Of(id).Level = true;
            Of(id).Pending = true;
        }

        public void Complete(uint id)
        {
            if (id is > 0 and < 96)
            {
                Of((int)id).Claimed = false;
            }
        }

        public Source? Best(int context) =>
            _sources
                .Where(s => s.Pending && !s.Claimed && s.Enabled[context] && s.Priority > Thresholds[context])
                .OrderByDescending(s => s.Priority)
                .ThenBy(s => s.Id)
                .FirstOrDefault();

        public int Claim(int context)
        {
            var best = Best(context);
            if (best is null)
            {
                return 0;
            }

            best.Pending = false;
            best.Claimed = true;
            return best.Id;
        }
    }
}
