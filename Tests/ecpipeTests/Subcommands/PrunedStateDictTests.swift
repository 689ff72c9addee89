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
  /// A network of the type that `kind` is the expression of, in `dtype`.
  private struct Case {
    let kind: String
    let dtype: String
    /// What `prune` is told beside what it is told of every network.
    let options: [String]
  }

  private static let cases = [
    Case(
      kind:
        "nn.Sequential(nn.Linear(6, 9), nn.PReLU(), nn.Linear(9, 5), nn.PReLU(), nn.Linear(5, 3))",
      dtype: "float32", options: []),
    Case(
      kind: "Wrapped(nn.Sequential(nn.Linear(6, 9), nn.GELU(), nn.Dropout(), nn.Linear(9, 3)))",
      dtype: "float64", options: ["--activation", "gelu"]),
    Case(
      kind: "Wrapped(nn.Sequential(nn.Linear(6, 9), nn.SiLU(), nn.Linear(9, 3)))",
      dtype: "bfloat16", options: ["--activation", "silu", "--labels", "labels.npy"]),
    Case(
      kind: "nn.Sequential(nn.Linear(6, 9), nn.ReLU(), nn.Linear(9, 3))", dtype: "float16",
      options: ["--activation", "relu", "--metric", "fisher"]),
  ]

  /// Calls `step` for every network, made anew, in the folder that is called after its place: to begin Python
  /// and load PyTorch takes longer than all that is done with them.
  private static let head = """
    import os, sys, numpy, torch
    from safetensors.torch import load_file, save_file
    nn = torch.nn

    class Wrapped(nn.Module):
        def __init__(self, layers):
            super().__init__()
            self.layers = layers

        def forward(self, x):
            return self.layers(x)

    def all_of(step):
        top, words = os.getcwd(), sys.argv[1:]
        for index, (kind, dtype) in enumerate(zip(words[::2], words[1::2])):
            print("of", kind, file=sys.stderr)
            os.chdir(os.path.join(top, str(index)))
            torch.manual_seed(3)
            step(eval(kind), dtype)


    """

  /// Writes the networks and their inputs.
  private static let write = """
    def write(network, dtype):
        network = network.to(getattr(torch, dtype))
        save_file(network.state_dict(), "net.safetensors", metadata={"note": "mine"})
        numpy.save("x.npy", torch.randn(80, 6).numpy())
        numpy.save("labels.npy", torch.randint(0, 3, (80,)).numpy())

    all_of(write)
    """

  private static let check = """
    def check(network, dtype):
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

    all_of(check)
    """

  /// Returns what the script prints.
  private func python(_ place: Workplace, _ script: String) throws -> String {
    try place.write(Self.head + script, to: "script.py")
    let executable = try #require(ProcessInfo.processInfo.environment["ECPIPE_PYTHON"])
    let outcome = try RunningProgram(
      executable, ["script.py"] + Self.cases.flatMap { [$0.kind, $0.dtype] }, in: place.path
    ).outcome()
    #expect(outcome.code == 0, "\(outcome.errors)")
    return outcome.output
  }

  @Test("names stay, the file loads strictly, and both programs compute the same")
  func roundTrip() throws {
    try Workplace.with { place in
      let own = Self.cases.indices.map { Workplace(path: place.file("\($0)")) }
      for place in own {
        try FileManager.default.createDirectory(
          atPath: place.path, withIntermediateDirectories: true)
      }
      _ = try python(place, Self.write)
      for (place, network) in zip(own, Self.cases) {
        let pruned = try place.run(
          [
            "prune", "net.safetensors", "--data", "x.npy", "--to", "0.75", "--output",
            "small.safetensors", "--criterion", "ec",
          ] + network.options)
        #expect(pruned.code == 0, "\(network.kind): \(pruned.errors)")
        let predicted = try place.run(
          "predict", "small.safetensors", "--data", "x.npy", "--output", "y.npy")
        #expect(predicted.code == 0, "\(network.kind): \(predicted.errors)")
      }
      let checked = try python(place, Self.check)
      #expect(checked.split(separator: "\n").count == Self.cases.count)
    }
  }
}
