import Foundation
import TestSupport
import Testing

@Suite("What a shrunk network was before")
struct OriginalShapeTests {
  private func shown(_ model: String, in place: Workplace) throws -> [String: Any] {
    let outcome = try place.run("show", model, "--sizes", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try JSONText(outcome.output).object
  }

  /// Runs the small schedule with whole units removed, and `more` stages at its end.
  private func runUnits(in place: Workplace, then more: String = "") throws {
    try SmallRun.write(to: place)
    let schedule = SmallRun.schedule.replacing(
      "budget: {policy: global}", with: "budget: {granularity: unit}")
    try place.write(schedule + more, to: "small.yaml")
    try #require(place.run("run", "small.yaml").code == 0)
  }

  @Test(
    "every format that is read keeps it, and show and sizes go by it",
    arguments: ["safetensors", "onnx", "npz"])
  func formats(ending: String) throws {
    try Workplace.with { place in
      try runUnits(in: place)
      let whole = try shown("small", in: place)
      #expect(whole["original_widths"] is NSNull)
      let total = try #require(whole["total"] as? Int)
      #expect(whole["original_total"] as? Int == total)

      try #require(place.run("shrink", "small", "--output", "less.\(ending)").code == 0)
      let less = try shown("less.\(ending)", in: place)
      #expect(less["original_total"] as? Int == total)
      let own = try #require(less["total"] as? Int)
      #expect(own < total)
      let weights = try #require(less["weights"] as? Int)
      let sparsity = try #require(less["sparsity"] as? Double)
      #expect(abs(sparsity - (1 - Double(weights) / Double(total))) < 1e-12)
      let dense = try #require((less["sizes"] as? [String: Any])?["dense"] as? [String: Any])
      #expect(dense["total"] as? Int == total && dense["weights"] as? Int == total)
      #expect(dense["widths"] as? [Int] == less["original_widths"] as? [Int])
      let text = try place.run("show", "less.\(ending)").output
      #expect(text.contains("of \(total), sparsity "))
      #expect(text.contains(" of \(own), sparsity ") && text.contains("before it was shrunk"))

      // Shrinking it further, and exporting it, forgets nothing.
      try #require(place.run("export", "less.\(ending)", "--output", "other.npz").code == 0)
      #expect(try shown("other.npz", in: place)["original_total"] as? Int == total)
    }
  }

  @Test("a checkpoint behind a shrink stage has it, and a run that starts from one goes on with it")
  func checkpoints() throws {
    try Workplace.with { place in
      try runUnits(in: place, then: "  - shrink: {}\n")
      let first = try shown("small", in: place)
      let total = try #require(first["original_total"] as? Int)
      #expect(try #require(first["total"] as? Int) < total)
      try place.write(
        """
        version: 1
        name: next
        data: {csv: flowers.csv, label: kind, task: classification, split: {validation: 0.2}}
        model: {start: checkpoints/small/result.safetensors}
        stages: [prune: {to: 0.1}]
        """, to: "next.yaml")
      let run = try place.run("run", "next.yaml")
      #expect(run.code == 0, "\(run.errors)")
      #expect(try shown("next", in: place)["original_total"] as? Int == total)
      #expect(run.output.contains("before it was shrunk the network had \(total), of which "))
    }
  }

  @Test("prune counts from the network before it was shrunk, and says so")
  func pruned() throws {
    try Workplace.with { place in
      try runUnits(in: place)
      try #require(place.run("shrink", "small", "--output", "less.npz").code == 0)
      let total = try #require(try shown("less.npz", in: place)["original_total"] as? Int)
      let outcome = try place.run(
        "prune", "less.npz", "--data", "flowers.csv", "--to", "0.8", "--output", "least.npz")
      let kept = total - Int(0.8 * Double(total) + 0.5)
      #expect(outcome.output.hasPrefix("least.npz: \(kept) of \(total) weights left, sparsity 80."))
      #expect(outcome.output.contains("sparsity counts from the network before it was shrunk"))
      let back = try place.run(
        "prune", "less.npz", "--data", "flowers.csv", "--to", "0.01", "--output", "b.npz")
      #expect(back.code == 65 && back.errors.contains("before it was shrunk"))
    }
  }
}
