import Foundation
import TestSupport
import Testing

/// `ecpipe prune --granularity`, on a 64-32-16-10 network.
@Suite("ecpipe prune in portions")
struct PruneGranularityTests {
  private static let common = [
    "prune", "net.safetensors", "--data", "x.npy", "--activation", "relu", "--output",
    "small.safetensors",
  ]

  private func inPlace(_ body: (Workplace) throws -> Void) throws {
    let reference = try ReferenceCase("ec/digits-relu")
    try Workplace.with { place in
      try place.write(reference.stateDict(), to: "net.safetensors")
      try place.write(reference.inputs(), to: "x.npy")
      try body(place)
    }
  }

  @Test("unit: whole hidden units go, to the exact count")
  func units() throws {
    try inPlace { place in
      let outcome = try place.run(
        Self.common + ["--granularity", "unit", "--to", "0.5", "--json"])
      #expect(outcome.code == 0)
      let json = try JSONText(outcome.output).object
      #expect(json["weights"] as? Int == 1360 && json["granularity"] as? String == "unit")
      let layers = try #require(json["layers"] as? [[String: Any]])
      let units = layers.compactMap { $0["removed_units"] as? Int }
      #expect(units[0] + units[1] > 10 && units[2] == 0)
      let small = try Arrays.tensors(safetensors: place.bytes("small.safetensors"))
      for layer in 0..<2 {
        let (lower, upper) = (
          try #require(small["\(2 * layer).weight"]), try #require(small["\(2 * layer + 2).weight"])
        )
        let (width, inputs) = (lower.shape[0], lower.shape[1])
        var gone = 0
        for unit in 0..<width {
          let row = lower.values[(unit * inputs)..<((unit + 1) * inputs)]
          let column = (0..<upper.shape[0]).map { upper.values[$0 * width + unit] }
          if row.allSatisfy({ $0 == 0 }), column.allSatisfy({ $0 == 0 }) { gone += 1 }
        }
        #expect(gone == units[layer])
      }
    }
  }

  @Test("n:m says itself how much stays, of a dense network")
  func groups() throws {
    try inPlace { place in
      let outcome = try place.run(Self.common + ["--granularity", "2:4"])
      #expect(outcome.code == 0)
      #expect(outcome.output.hasPrefix("small.safetensors: 1,360 of 2,720 weights left"))
      let again = try place.run(
        "prune", "small.safetensors", "--data", "x.npy", "--granularity", "1:4", "--output",
        "smaller.safetensors")
      #expect(again.code == 65)
      #expect(
        again.errors.contains(
          "1:4 groups are counted in dense layers, and hidden1 has 1024 of its 2048 weights left"))
      #expect(place.snapshot()["smaller.safetensors"] == nil)
    }
  }

  @Test(
    "what does not go together is refused, and nothing is written",
    arguments: [
      (["--granularity", "4:4", "--to", "0.5"], "allowed are weight, unit, or n:m such as 2:4"),
      (["--granularity", "2:4", "--to", "0.5"], "leave --to out"),
      (["--granularity", "2:4", "--steps", "2"], "leave --steps out"),
      (["--granularity", "unit"], "--to is missing; give the fraction that is removed"),
      ([], "--to is missing; give the fraction that is removed"),
    ])
  func wrong(options: [String], message: String) throws {
    try inPlace { place in
      let outcome = try place.run(Self.common + options)
      #expect(outcome.code == 64 && outcome.errors.contains(message))
      #expect(place.snapshot()["small.safetensors"] == nil)
    }
  }
}
