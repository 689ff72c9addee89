import Foundation
import TestSupport
import Testing

extension PruneCommandTests {
  @Test("a wrong command line or file says what is allowed, and nothing is written")
  func wrong() throws {
    let reference = try ReferenceCase("ec/scalar-tanh")
    try Workplace.with { place in
      try place.write(reference.stateDict(), to: "net.safetensors")
      try place.write(reference.inputs(), to: "x.npy")
      try place.write(Arrays.npy([[1, 2]]), to: "narrow.npy")
      let before = place.snapshot()
      let words: [([String], Int32, String)] = [
        (["--criterion", "magnitudo"], 64, "--criterion magnitudo: allowed are ec, magnitude, "),
        (["--compensation", "mien"], 64, "--compensation mien: allowed are none, mean, ec"),
        (["--samples", "257"], 65, "it scores on 257 samples, but there are 256; use fewer"),
        (["--probes", "0"], 64, "--probes 0 is out of range; allowed: whole numbers from 1 to"),
        (["--metric", "fischer"], 64, "--metric fischer: allowed are output, fisher, none"),
        (["--refine", "targets"], 64, "--refine targets: allowed are outputs, labels, both"),
        (
          ["--refine", "both"], 64,
          "--refine both looks at the targets of the data; name them with --labels, or use --refine "
            + "outputs"
        ),
        (["--steps", "0"], 64, "--steps 0 is out of range; allowed: whole numbers from 1 to"),
        (
          ["--to", "90"], 64,
          "--to 90: a sparsity is the fraction removed, at least 0 and below 1; "
            + "did you mean 0.9?"
        ),
        (["--to", "1.0"], 64, "--to 1.0: a sparsity is the fraction removed"),
        (["--to", "half"], 64, "--to half: give the fraction that is removed, such as 0.9"),
        (["--activation", "gulu"], 64, "--activation gulu: allowed are identity, relu"),
        (["--output", "out.pt"], 64, "--output out.pt: the name has to end in .safetensors"),
        (["--output", "net.safetensors"], 64, "this file is read here; choose another name"),
        (
          ["--importance", "out.safetensors"], 64, "--importance out.safetensors: this is --output"
        ),
        (["--data", "none.npy"], 66, "none.npy: there is no such file"),
        (["--data", "narrow.npy"], 65, "narrow.npy: 2 columns of inputs, the model takes 5"),
        (
          ["--labels", "narrow.npy"], 65, "narrow.npy: 1 row for the 256 rows of inputs"
        ),
      ]
      for (options, code, message) in words {
        var arguments = [
          "--data": "x.npy", "--to": "0.5", "--output": "out.safetensors", "--activation": "tanh",
        ]
        arguments[options[0]] = options[1]
        let outcome = try place.run(
          ["prune", "net.safetensors"]
            + arguments.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
        #expect(outcome.code == code, "\(options)")
        #expect(outcome.errors.contains(message), "\(options): \(outcome.errors)")
      }
      let silent = try place.run(
        "prune", "net.safetensors", "--data", "x.npy", "--to", "0.5", "--output", "o.safetensors")
      #expect(silent.code == 65)
      #expect(silent.errors.contains("the file does not say which activation follows hidden1"))
      let missing = try place.run(
        "prune", "none.safetensors", "--data", "x.npy", "--to", "0.5", "--output", "o.safetensors")
      #expect(missing.code == 66)
      #expect(place.snapshot() == before)
    }
  }

  @Test("a refinement without samples, or of too few of them, is refused")
  func refinedWithoutSamples() throws {
    let reference = try ReferenceCase("ec/scalar-tanh")
    try Workplace.with { place in
      try place.write(reference.stateDict(), to: "net.safetensors")
      try place.write(reference.inputs(), to: "x.npy")
      let before = place.snapshot()
      let plain = ["prune", "net.safetensors", "--activation", "tanh", "--to", "0.5"]
      let none = try place.run(plain + ["--refine", "outputs", "--output", "o.safetensors"])
      #expect(none.code == 64)
      #expect(none.errors.contains("--refine outputs looks at samples; name them with --data"))
      let few = try place.run(
        plain + [
          "--refine", "outputs", "--data", "x.npy", "--samples", "4", "--output", "o.safetensors",
        ])
      #expect(few.code == 65)
      #expect(
        few.errors.contains(
          "net.safetensors: refine holds out 0 of 4 samples, a share of 0.1, and needs one at least; give "
            + "it more samples\n"))
      #expect(place.snapshot() == before)
    }
  }

  @Test(
    "for layers without bias, a stated compensation is refused before anything is computed")
  func withoutBias() throws {
    try Workplace.with { place in
      try place.write(try ReferenceCase.withoutBias(), to: "net.safetensors")
      try place.write(Arrays.npy([[1, 2, 3], [3, 1, 2]]), to: "x.npy")
      let outcome = try place.run(
        "prune", "net.safetensors", "--data", "x.npy", "--to", "0.5", "--output", "o.safetensors",
        "--activation", "relu", "--compensation", "least_squares")
      #expect(outcome.code == 65)
      #expect(outcome.errors.contains("hidden1 ('0.weight') has no bias"))
      let plain = try place.run(
        "prune", "net.safetensors", "--data", "x.npy", "--to", "0.5", "--output", "o.safetensors",
        "--activation", "relu", "--criterion", "magnitude", "--compensation", "none")
      #expect(plain.code == 0)
      #expect(
        try Arrays.tensors(safetensors: place.bytes("o.safetensors")).keys.sorted() == [
          "0.weight", "2.bias", "2.weight",
        ])
    }
  }
}
