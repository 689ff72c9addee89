import Foundation
import Testing

/// A network of PyTorch's through `ecpipe prune` and back. `ECPIPE_PYTHON` names a Python that has
/// torch and safetensors; without it these tests are skipped.
@Suite(
  "Networks of PyTorch, pruned and loaded again",
  .enabled(
    if: ProcessInfo.processInfo.environment["ECPIPE_PYTHON"] != nil,
    "set ECPIPE_PYTHON to a Python with torch and safetensors"))
struct PrunedStateDictTests {
  /// Makes a network of type `kind`, in `dtype`, and its inputs; `kind` is the expression of a module.
  private static let make = """
    import sys, numpy, torch
    from safetensors.torch import load_file, save_file
    nn = torch.nn

    class Wrapped(nn.Module):
        def __init__(self, layers):
            super().__init__()
            self.layers = layers

        def forward(self, x):
            return self.layers(x)

    step, kind, dtype = sys.argv[1:4]
    torch.manual_seed(3)
    network = eval(kind)

    """

  private static let write = """
    network = network.to(getattr(torch, dtype))
    save_file(network.state_dict(), "net.safetensors", metadata={"note": "mine"})
    numpy.save("x.npy", torch.randn(80, 6).numpy())
    numpy.save("labels.npy", torch.randint(0, 3, (80,)).numpy())
    """

  private static let check = """
    before = {name: value.float() for name, value in load_file("net.safetensors").items()}
    after = load_file("small.safetensors")
    network.load_state_dict(after, strict=True)
    assert list(before) == list(after)
    total = kept = 0
    for name, value in after.items():
        assert value.dtype == torch.float32 and value.shape == before[name].shape
        if value.dim() == 2:
            alive = value != 0
            assert torch.equal(value[alive], before[name][alive])
            total, kept = total + value.numel(), kept + int(alive.sum())
    assert kept == total - int(0.75 * total + 0.5), (kept, total)
    network.eval()
    with torch.no_grad():
        expected = network(torch.from_numpy(numpy.load("x.npy"))).numpy()
    found = numpy.load("y.npy")
    # Sums of some dozen terms in another order.
    assert numpy.abs(found - expected).max() < 1e-5 * max(1, numpy.abs(expected).max())
    print("checked", kept)
    """

  private func python(_ place: Workplace, _ script: String, _ arguments: String...) throws {
    try place.write(Self.make + script, to: "script.py")
    let executable = try #require(ProcessInfo.processInfo.environment["ECPIPE_PYTHON"])
    let outcome = try RunningProgram(
      executable, ["script.py", "step"] + arguments, in: place.path
    ).outcome()
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test(
    "names stay, the file loads strictly, and both programs compute the same",
    arguments: [
      (
        "nn.Sequential(nn.Linear(6, 9), nn.PReLU(), nn.Linear(9, 5), nn.PReLU(), nn.Linear(5, 3))",
        "float32", []
      ),
      (
        "Wrapped(nn.Sequential(nn.Linear(6, 9), nn.GELU(), nn.Dropout(), nn.Linear(9, 3)))",
        "float64", ["--activation", "gelu"]
      ),
      (
        "Wrapped(nn.Sequential(nn.Linear(6, 9), nn.SiLU(), nn.Linear(9, 3)))", "bfloat16",
        ["--activation", "silu", "--labels", "labels.npy"]
      ),
      (
        "nn.Sequential(nn.Linear(6, 9), nn.ReLU(), nn.Linear(9, 3))", "float16",
        ["--activation", "relu", "--metric", "fisher"]
      ),
    ] as [(String, String, [String])])
  func roundTrip(kind: String, dtype: String, options: [String]) throws {
    try Workplace.with { place in
      try python(place, Self.write, kind, dtype)
      let pruned = try place.run(
        [
          "prune", "net.safetensors", "--data", "x.npy", "--to", "0.75", "--output",
          "small.safetensors", "--criterion", "ec",
        ] + options)
      #expect(pruned.code == 0, "\(pruned.errors)")
      let predicted = try place.run(
        "predict", "small.safetensors", "--data", "x.npy", "--output", "y.npy")
      #expect(predicted.code == 0, "\(predicted.errors)")
      try python(place, Self.check, kind, dtype)
    }
  }
}
