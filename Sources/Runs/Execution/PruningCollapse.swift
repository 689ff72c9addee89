import NeuralNetworks
import Storage

/// How pruning has ruined a network, measured on the same samples before and after.
package enum PruningCollapse: Sendable, Equatable {
  /// More than 10 points of accuracy are lost, or most of what it is above chance.
  case accuracy(from: Double, to: Double)
  /// r² has fallen by more than 0.1.
  case r2(from: Double, to: Double)
  /// The root of the mean squared error has more than doubled.
  case rmse(from: Double, to: Double)
  /// Likewise, over several targets.
  case nrmse(from: Double, to: Double)

  /// The most accuracy that may be lost, and the least that counts where it is most of what there was above
  /// chance.
  private static let (mostLost, leastLost) = (0.1, 0.02)

  /// Nil where it has not.
  ///
  /// - Parameters:
  ///   - outputs: of the network; of one, two classes.
  ///   - againstTargets: whether it was measured against the targets of the data; else against its own
  ///     answers before, from which it differs by nothing at first.
  package init?(from before: Metrics, to after: Metrics, outputs: Int, againstTargets: Bool) {
    if let old = before.accuracy, let new = after.accuracy {
      let chance = 1 / Double(max(outputs, 2))
      let isNearChance = old - new > Self.leastLost && new - chance < (old - chance) / 2
      guard old - new > Self.mostLost || isNearChance else { return nil }
      self = .accuracy(from: old, to: new)
    } else if let old = before.r2, let new = after.r2, old - new > 0.1 {
      self = .r2(from: old, to: new)
    } else if againstTargets, let old = before.rmse, let new = after.rmse, new > 2 * old {
      self = .rmse(from: old, to: new)
    } else if againstTargets, let old = before.nrmse, let new = after.nrmse, new > 2 * old {
      self = .nrmse(from: old, to: new)
    } else {
      return nil
    }
  }

  /// What can be known without data: which outputs of `network` no input reaches any more; nil where none is
  /// cut off.
  package static func constantOutputs(of network: Network) -> String? {
    let live = network.liveOutputs
    let count = live.count { !$0 }
    guard count > 0 else { return nil }
    return
      "\(count) of \(counted(live.count, "output")) \(count == 1 ? "is" : "are") constant now, since no "
      + "input reaches \(count == 1 ? "it" : "them")"
  }
}

extension PruningCollapse: CustomStringConvertible {
  /// What has happened, as a clause.
  package var description: String {
    func percent(_ share: Double) -> String { NumberText.fixed(share * 100, 2) + " %" }
    return switch self {
    case .accuracy(let old, let new):
      "the accuracy fell from \(percent(old)) to \(percent(new))"
    case .r2(let old, let new):
      "r² fell from \(NumberText.rSquared(old)) to \(NumberText.rSquared(new))"
    case .rmse(let old, let new):
      "the rmse grew from \(NumberText.significant(old, 4)) to \(NumberText.significant(new, 4))"
    case .nrmse(let old, let new):
      "the nrmse grew from \(NumberText.significant(old, 4)) to \(NumberText.significant(new, 4))"
    }
  }
}

extension Network {
  /// Of each output, whether a path of live weights leads to it from an input.
  fileprivate var liveOutputs: [Bool] {
    var reached = [Bool](repeating: true, count: inputs)
    for layer in layers {
      let mask = layer.keepingMask
      reached = (0..<layer.outputs).map { row in
        reached.indices.contains { reached[$0] && mask[row * layer.inputs + $0] }
      }
    }
    return reached
  }
}
