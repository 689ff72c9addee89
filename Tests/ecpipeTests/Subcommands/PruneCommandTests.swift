import Foundation
import TestSupport
import Testing

@Suite("ecpipe prune")
struct PruneCommandTests {
  /// Float32 sums against automatic differentiation in double, relative to the largest value.
  private static let tolerance = 1e-4

  private func expect(_ values: [Float], _ expected: [Double], _ what: String) {
    let scale = expected.reduce(0) { max($0, abs($1)) }
    #expect(values.count == expected.count)
    for (value, other) in zip(values, expected) where abs(Double(value) - other) > 1e-4 * scale {
      Issue.record("\(what): \(value) for \(other)")
      return
    }
  }

  @Test(
    "the reference cases: importances, shifts, masks, biases and outputs",
    arguments: [("ec/digits-relu", ""), ("ec/scalar-tanh", "net."), ("ec/vector-prelu", "a.b.")])
  func reference(name: String, prefix: String) throws {
    let reference = try ReferenceCase(name)
    let ratio = try #require(reference.ratio)
    try Workplace.with { place in
      try place.write(reference.stateDict(prefix: prefix), to: "net.safetensors")
      try place.write(reference.inputs(), to: "x.npy")
      let outcome = try place.run(
        [
          "prune", "net.safetensors", "--data", "x.npy", "--to", "\(ratio)", "--output",
          "small.safetensors", "--importance", "scores.safetensors", "--criterion", "ec", "--json",
        ] + reference.activationOptions)
      #expect(outcome.code == 0)
      let json = try JSONText(outcome.output).object
      #expect(json["metric"] as? String == "output" && json["format"] as? Int == 1)
      #expect(json["removed"] as? Int == reference.pruned)
      #expect(try JSONText(outcome.output).hasSortedNames)

      let scores = try Arrays.tensors(safetensors: place.bytes("scores.safetensors"))
      #expect(scores.count == 2 * reference.layerCount)
      let small = try Arrays.tensors(safetensors: place.bytes("small.safetensors"))
      for layer in 1...reference.layerCount {
        let title = layer == reference.layerCount ? "output" : "hidden\(layer)"
        let shape = [reference.sizes[layer], reference.sizes[layer - 1]]
        let importance = try #require(scores["\(title).importance"])
        let shift = try #require(scores["\(title).shift"])
        #expect(importance.shape == shape && shift.shape == shape)
        expect(importance.values, try reference.array("I\(layer)").values, "\(title).importance")
        expect(shift.values, try reference.array("D\(layer)").values, "\(title).shift")

        let weights = try #require(small["\(prefix)\(2 * layer - 2).weight"])
        let kept = try reference.array("M\(layer)").values
        let before = try reference.array("W\(layer)").floats
        #expect(weights.shape == shape)
        for (index, value) in weights.values.enumerated() {
          #expect(value == (kept[index] == 0 ? 0 : before[index]))
        }
        let bias = try #require(small["\(prefix)\(2 * layer - 2).bias"])
        expect(bias.values, try reference.array("bp\(layer)").values, "\(title).bias")
      }

      // The file says its activation and its masks now.
      try #require(
        place.run("predict", "small.safetensors", "--data", "x.npy", "--output", "y.npy").code == 0)
      let outputs = try Arrays.rows(npy: place.bytes("y.npy"))
      expect(Array(outputs.joined()), try reference.array("Yp").values, "outputs")
    }
  }

  /// The network, its samples, and classes for them.
  private static func write(_ reference: ReferenceCase, withLabelsTo place: Workplace) throws {
    try place.write(reference.stateDict(), to: "net.safetensors")
    try place.write(reference.inputs(), to: "x.npy")
    let rows = try reference.array("X").shape[0]
    try place.write(
      Arrays.npy((0..<rows).map { [Float($0 % reference.sizes[3])] }), to: "labels.npy")
  }

  @Test(
    "fisher is the metric where labels are classes, and can be asked for without any",
    arguments: [["--metric", "fisher"], ["--labels", "labels.npy"]])
  func fisher(options: [String]) throws {
    let reference = try ReferenceCase("fisher/softmax-relu")
    try Workplace.with { place in
      try Self.write(reference, withLabelsTo: place)
      let outcome = try place.run(
        [
          "prune", "net.safetensors", "--data", "x.npy", "--to", "0.5", "--output",
          "small.safetensors", "--importance", "scores.safetensors", "--json",
        ] + reference.activationOptions + options)
      #expect(outcome.code == 0)
      #expect(try JSONText(outcome.output).object["metric"] as? String == "fisher")
      let scores = try Arrays.tensors(safetensors: place.bytes("scores.safetensors"))
      for layer in 1...3 {
        let title = layer == 3 ? "output" : "hidden\(layer)"
        expect(
          try #require(scores["\(title).importance"]).values,
          try reference.array("I\(layer)").values, title)
      }
    }
  }

  @Test("a criterion alone is as published, which is said; with steps and compensation nothing is")
  func published() throws {
    let reference = try ReferenceCase("ec/digits-relu")
    try Workplace.with { place in
      try place.write(reference.stateDict(), to: "net.safetensors")
      try place.write(reference.inputs(), to: "x.npy")
      func notes(_ options: String...) throws -> String {
        let outcome = try place.run(
          [
            "prune", "net.safetensors", "--data", "x.npy", "--to", "0.3", "--activation", "relu",
            "--output", "small.safetensors",
          ] + options)
        #expect(outcome.code == 0)
        return outcome.errors
      }
      #expect(try !notes().contains("as published"))
      #expect(
        try notes("--criterion", "ec").contains(
          "note: a stated criterion comes as published: ec in 1 step with the compensation ec; what lost least "
            + "is --steps 18 and --compensation least_squares, as without --criterion"))
      #expect(
        try !notes("--criterion", "ec", "--steps", "1", "--compensation", "ec")
          .contains("as published"))
      #expect(try !notes("--criterion", "ec", "--quiet").contains("as published"))
    }
  }

  @Test("pruning goes on from the masks of a pruned file, and never back")
  func again() throws {
    let reference = try ReferenceCase("ec/digits-relu")
    try Workplace.with { place in
      try place.write(reference.stateDict(), to: "net.safetensors")
      try place.write(reference.inputs(), to: "x.npy")
      let first = try place.run(
        "prune", "net.safetensors", "--data", "x.npy", "--to", "0.5", "--activation", "relu",
        "--output", "half.safetensors")
      #expect(first.code == 0)
      #expect(first.output.hasPrefix("half.safetensors: 1,360 of 2,720 weights left"))
      let second = try place.run(
        "prune", "half.safetensors", "--data", "x.npy", "--to", "0.8", "--output",
        "fifth.safetensors", "--json")
      #expect(try JSONText(second.output).object["weights"] as? Int == 544)
      let half = try Arrays.tensors(safetensors: place.bytes("half.safetensors"))
      let fifth = try Arrays.tensors(safetensors: place.bytes("fifth.safetensors"))
      for (name, tensor) in fifth where name.hasSuffix("weight") {
        let before = try #require(half[name]).values
        for (index, value) in tensor.values.enumerated() where before[index] == 0 {
          #expect(value == 0)
        }
      }
      let back = try place.run(
        "prune", "fifth.safetensors", "--data", "x.npy", "--to", "0.7", "--output",
        "back.safetensors")
      #expect(back.code == 65)
      #expect(
        back.errors
          == "ecpipe: fifth.safetensors: 544 of 2720 weights are left, fewer than the 816 that a "
          + "sparsity of 0.7 leaves; raise it\n")
    }
  }

  @Test("a checkpoint is pruned on raw data, and written as export writes it")
  func checkpoint() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      let inputs = SmallRun.flowerInputs()
      try place.write(Arrays.npy(inputs), to: "x.npy")
      let none = try place.run(
        "prune", "small", "--data", "x.npy", "--to", "0", "--output", "dense.safetensors")
      #expect(none.code == 0)
      try #require(place.run("export", "small", "--output", "export.safetensors").code == 0)
      let dense = try Arrays.tensors(safetensors: place.bytes("dense.safetensors"))
      let export = try Arrays.tensors(safetensors: place.bytes("export.safetensors"))
      #expect(dense.mapValues(\.values) == export.mapValues(\.values))

      let half = try place.run(
        "prune", "small", "--data", "x.npy", "--to", "0.5", "--output", "half.safetensors",
        "--no-shrink", "--json")
      #expect(half.code == 0)
      #expect(try JSONText(half.output).object["weights"] as? Int == 43)
      let network = try ExportedNetwork(safetensors: place.bytes("half.safetensors"))
      #expect(network.weightsLeft == 43)
      try #require(
        place.run("predict", "half.safetensors", "--data", "x.npy", "--output", "y.npy").code == 0)
      for (row, found) in zip(inputs, try Arrays.rows(npy: place.bytes("y.npy"))) {
        for (value, other) in zip(found, network.outputs(for: row, activation: { tanh($0) })) {
          #expect(abs(Double(value) - other) < Self.tolerance)
        }
      }
    }
  }

  @Test("a state dict is measured and used for prediction like a checkpoint")
  func others() throws {
    let reference = try ReferenceCase("ec/digits-relu")
    try Workplace.with { place in
      try place.write(reference.stateDict(), to: "net.safetensors")
      try place.write(reference.inputs(), to: "x.npy")
      let outputs = try reference.array("Y")
      let classes = stride(from: 0, to: outputs.values.count, by: 10).map { start in
        let row = outputs.values[start..<(start + 10)]
        return row.firstIndex(of: row.max()!)! - start
      }
      try place.write(Arrays.npy(classes.map { [Float($0)] }), to: "y.npy")
      let measured = try place.run(
        "evaluate", "net.safetensors", "--data", "x.npy", "--labels", "y.npy", "--activation",
        "relu", "--json")
      #expect(measured.code == 0)
      #expect(measured.output.contains(#""accuracy": 1"#))
      try #require(
        place.run(
          "predict", "net.safetensors", "--data", "x.npy", "--output", "p.npy", "--activation",
          "relu", "--probabilities"
        ).code == 0)
      for row in try Arrays.rows(npy: place.bytes("p.npy")) {
        #expect(abs(row.reduce(0, +) - 1) < 1e-5)
      }
      let part = try place.run("evaluate", "net.safetensors")
      #expect(part.code == 65)
      #expect(part.errors.contains("its data are not known; name them with --data"))
      let lonely = try place.run("evaluate", "net.safetensors", "--activation", "relu")
      #expect(lonely.code == 64 && lonely.errors.contains("name them with --data"))
    }
  }

  @Test(
    "every criterion and compensation, in one step or several, leaves the exact count",
    arguments: [
      [], ["--criterion", "magnitude"],
      ["--criterion", "gradient_magnitude", "--labels", "y.npy"],
      ["--criterion", "gradient_magnitude_signed", "--labels", "y.npy", "--compensation", "mean"],
      ["--criterion", "taylor", "--metric", "none"], ["--criterion", "variance", "--steps", "3"],
      ["--criterion", "wanda"], ["--criterion", "obd", "--labels", "y.npy"],
      ["--criterion", "random", "--steps", "2"], ["--criterion", "nonlinear"],
      ["--compensation", "least_squares", "--steps", "4"],
    ])
  func criteria(options: [String]) throws {
    let reference = try ReferenceCase("ec/vector-prelu")
    try Workplace.with { place in
      try place.write(reference.stateDict(), to: "net.safetensors")
      try place.write(reference.inputs(), to: "x.npy")
      let rows = try reference.array("X").shape[0]
      try place.write(Arrays.npy((0..<rows).map { [Float($0 % 3)] }), to: "y.npy")
      let outcome = try place.run(
        [
          "prune", "net.safetensors", "--data", "x.npy", "--to", "0.6", "--output",
          "small.safetensors", "--importance", "scores.safetensors", "--json",
        ] + options)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(try JSONText(outcome.output).object["weights"] as? Int == 280)
      let saved = try JSONText(outcome.output).object["output_error_saved"] as? Double
      #expect((saved != nil) == (options.isEmpty || options.contains("least_squares")))
      #expect(saved ?? 0.5 > 0 && saved ?? 0.5 <= 1)
      let network = try Arrays.tensors(safetensors: place.bytes("small.safetensors"))
      let left = network.filter { $0.value.shape.count == 2 }.flatMap(\.value.values)
      #expect(left.count { $0 != 0 } == 280)
      #expect(try Arrays.tensors(safetensors: place.bytes("scores.safetensors")).count == 6)
    }
  }

  @Test(
    "--refine says what it made of the objective, on what it fitted and on what it held out",
    arguments: ["outputs", "both"])
  func refine(target: String) throws {
    let reference = try ReferenceCase("fisher/softmax-relu")
    try Workplace.with { place in
      try Self.write(reference, withLabelsTo: place)
      let words =
        ["prune", "net.safetensors", "--data", "x.npy", "--labels", "labels.npy", "--to", "0.7"]
        + reference.activationOptions
      let plain = try place.run(words + ["--output", "plain.safetensors", "--json"])
      #expect(try JSONText(plain.output).object["refinement"] is NSNull)
      let refined = words + ["--refine", target]
      let outcome = try place.run(refined + ["--output", "refined.safetensors", "--json"])
      #expect(outcome.code == 0)
      let json = try JSONText(outcome.output).object
      let report = try #require(json["refinement"] as? [String: Any])
      #expect(report["target"] as? String == target)
      let fitted = try #require(report["fitted"] as? [String: Double])
      let heldOut = try #require(report["held_out"] as? [String: Double])
      #expect(fitted["after"]! < fitted["before"]! && heldOut["after"]! <= heldOut["before"]!)
      #expect(try place.bytes("refined.safetensors") != place.bytes("plain.safetensors"))
      let text = try place.run(refined + ["--output", "again.safetensors", "--threads", "3"])
      #expect(text.output.contains("refined toward \(target) in "))
      #expect(text.output.contains(", on the samples held out "))
      #expect(try place.bytes("again.safetensors") == place.bytes("refined.safetensors"))
    }
  }

  @Test("a criterion that looks at the loss asks for labels")
  func labels() throws {
    let reference = try ReferenceCase("ec/vector-prelu")
    try Workplace.with { place in
      try place.write(reference.stateDict(), to: "net.safetensors")
      try place.write(reference.inputs(), to: "x.npy")
      for criterion in ["gradient_magnitude", "gradient_magnitude_signed", "obd"] {
        let outcome = try place.run(
          "prune", "net.safetensors", "--data", "x.npy", "--to", "0.6", "--output",
          "small.safetensors", "--criterion", criterion)
        #expect(outcome.code == 64)
        #expect(
          outcome.errors
            == "ecpipe: --criterion \(criterion) looks at the loss; name the targets of the data "
            + "with --labels\n")
      }
    }
  }
}
