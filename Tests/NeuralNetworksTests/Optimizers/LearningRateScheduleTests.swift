import Foundation
import NeuralNetworks
import TestSupport
import Testing

@Suite("LearningRateSchedule")
struct LearningRateScheduleTests {
  struct Golden: Decodable {
    let torch: String
    let rates: [String: [Double]]
  }

  /// Double arithmetic; PyTorch multiplies its rates up from step to step.
  static let tolerance = 1e-14

  static let decays: [(String, LearningRateSchedule.Decay)] = [
    ("constant", .constant), ("step", .step(factor: 0.3, epochs: 2)),
    ("linear", .linear(to: 0.001)), ("exponential", .exponential(to: 0.001)),
    ("cosine", .cosine(to: 0.001)),
  ]

  @Test("Without warm-up the rates are those of PyTorch's schedulers", arguments: decays)
  func golden(name: String, decay: LearningRateSchedule.Decay) throws {
    let golden = try GoldenFile.load("schedules.json", as: Golden.self)
    let expected = try #require(golden.rates[name])
    let schedule = LearningRateSchedule(decay: decay)
    for step in 0..<12 {
      let rate = schedule.rate(step: step, totalSteps: 12, stepsPerEpoch: 3, base: 0.1)
      #expect(abs(rate - expected[step]) < Self.tolerance)
    }
  }

  @Test(
    "Warm-up climbs from 1/W of the rate to all of it, then the decay begins", arguments: decays)
  func warmUp(name: String, decay: LearningRateSchedule.Decay) {
    let warm = LearningRateSchedule(decay: decay, warmupSteps: 4)
    func rate(_ step: Int) -> Double {
      warm.rate(step: step, totalSteps: 20, stepsPerEpoch: 5, base: 0.2)
    }
    for (step, share) in [0.25, 0.5, 0.75, 1].enumerated() {
      #expect(abs(rate(step) - 0.2 * share) < Self.tolerance)
    }
    for step in 4..<20 {
      let progress = Double(step - 4) / 16
      let expected: Double
      switch decay {
      case .constant: expected = 0.2
      case .step: expected = 0.2 * (step < 10 ? 1 : 0.3)
      case .linear: expected = 0.2 - 0.199 * progress
      case .exponential: expected = 0.2 * exp(log(0.001 / 0.2) * progress)
      case .cosine: expected = 0.001 + 0.199 * 0.5 * (1 + cos(Double.pi * progress))
      }
      #expect(abs(rate(step) - expected) < Self.tolerance)
    }
  }

  @Test("A warm-up longer than the stage never ends", arguments: decays)
  func longWarmUp(name: String, decay: LearningRateSchedule.Decay) {
    let schedule = LearningRateSchedule(decay: decay, warmupSteps: 100)
    for step in 0..<10 {
      let rate = schedule.rate(step: step, totalSteps: 10, stepsPerEpoch: 5, base: 1)
      #expect(abs(rate - Double(step + 1) / 100) < Self.tolerance)
    }
  }

  @Test("A stage of one step uses the rate itself", arguments: decays)
  func singleStep(name: String, decay: LearningRateSchedule.Decay) {
    let schedule = LearningRateSchedule(decay: decay)
    #expect(schedule.rate(step: 0, totalSteps: 1, stepsPerEpoch: 1, base: 0.5) == 0.5)
  }
}
