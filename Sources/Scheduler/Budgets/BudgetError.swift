/// What can be wrong with layers, their limits, or the number of weights demanded of them.
package enum BudgetError: Error, Equatable {
  /// A shape with a negative size or with more than 2^40 weights.
  case layerSize(layer: String, outputs: Int, inputs: Int)
  /// More weights left than there ever were, or fewer than none.
  case remainingOutOfRange(layer: String, remaining: Int, weights: Int)
  /// Another number of importances than of remaining weights.
  case importanceCount(layer: String, importances: Int, remaining: Int)
  /// An importance that is negative, infinite or not a number.
  case importanceInvalid(layer: String, index: Int, value: Float)
  /// A policy or selection that ranks weights, without importances to rank by.
  case importancesMissing(layer: String)
  /// An error curve without points, or one whose counts do not fall.
  case curveOrder
  /// A measured error that is negative, infinite or not a number.
  case curveInvalid(kept: Int, error: Double)
  /// A curve that begins with another count than the layer has left.
  case curveStart(layer: String, kept: Int, remaining: Int)
  /// A policy that compares error curves, without a curve that goes down to the least count.
  case curveMissing(layer: String, least: Int)
  /// Rungs of a ladder that are none, too many, or do not rise.
  case ladderOrder(rungs: Int, limit: Int)
  /// A density outside its range, or not a number.
  case densityOutOfRange(Double)
  /// A pattern that selects no layer.
  case noSuchLayer(pattern: String, layers: [String])
  /// A layer for which the policy `manual` states nothing.
  case layerNotStated(layer: String)
  /// Fewer weights demanded than the limits let go, or fewer than none.
  case tooFewKept(demanded: Int, feasible: Int, total: Int, binding: BindingLimit?)
  /// A limit below what layers that have to keep `kept` weights take; `feasible` is the least that
  /// would do.
  case limitTooSmall(ResourceLimit, kept: Int, feasible: Int, binding: BindingLimit?)
  /// Times of a layer that do not go from all its weights to none.
  case timeOrder
  /// A measured time that is negative, too large or not a number.
  case timeInvalid(kept: Int, nanoseconds: Double)
  /// A time below what layers that have to keep `kept` weights take; `feasible` is the least that
  /// would do, of which `share` is spent in `layer`.
  case timeTooShort(
    milliseconds: Double, kept: Int, feasible: Double, layer: String, share: Double)
  /// More weights demanded than are left.
  case tooManyKept(demanded: Int, feasible: Int, total: Int)
  /// More weights demanded of one layer than it has left, or fewer than none.
  case layerCount(layer: String, demanded: Int, remaining: Int)
  /// Groups to count in a layer that has lost weights before.
  case groupsNotDense(layer: String, pattern: GroupPattern, remaining: Int, weights: Int)
  /// Units to count in a layer that has lost weights before.
  case unitsNotDense(layer: String, remaining: Int, weights: Int)
  /// Another total than the one that groups come to.
  case groupTotal(pattern: GroupPattern, demanded: Int, stated: Int, total: Int)
  /// Groups that keep fewer weights of a layer than its limits let go.
  case groupsBelowLimit(layer: String, pattern: GroupPattern, count: Int, least: Int)
}

/// The limit that stands most in the way of removing more.
package struct BindingLimit: Sendable, Equatable {
  /// The layer that has to keep the most.
  package let layer: String
  /// Why it has to.
  package let constraint: LayerConstraint
  /// How many weights it has to keep.
  package let least: Int

  package init(layer: String, constraint: LayerConstraint, least: Int) {
    self.layer = layer
    self.constraint = constraint
    self.least = least
  }
}

extension BudgetError: CustomStringConvertible {
  /// What is wrong, where, and what to write instead.
  package var description: String {
    switch self {
    case .layerSize(let layer, let outputs, let inputs):
      return "layer \(layer) is \(outputs) × \(inputs); sizes must not be negative and a layer "
        + "has at most \(LayerProfile.maximumWeights) weights"
    case .remainingOutOfRange(let layer, let remaining, let weights):
      return "layer \(layer) cannot have \(remaining) of its \(weights) weights left"
    case .importanceCount(let layer, let importances, let remaining):
      return "layer \(layer) has \(importances) importances for \(remaining) remaining weights"
    case .importanceInvalid(let layer, let index, let value):
      return "layer \(layer): the importance of remaining weight \(index) is \(value); "
        + "importances must be finite and not negative, so look for diverged weights"
    case .importancesMissing(let layer):
      return "layer \(layer): weights cannot be ranked before their importances are measured"
    case .curveOrder:
      return "an error curve needs points, from the most weights kept to the fewest"
    case .curveInvalid(let kept, let error):
      return "with \(kept) weights left in a layer, the error of the network is \(error); errors "
        + "must be finite and not negative, so look for diverged weights"
    case .curveStart(let layer, let kept, let remaining):
      return "the error curve of layer \(layer) begins with \(kept) weights, not with the "
        + "\(remaining) that are left"
    case .curveMissing(let layer, let least):
      return "layer \(layer): its errors are not measured down to \(least) weights"
    case .ladderOrder(let rungs, let limit):
      return "a ladder has 1 to \(limit) sparsities above 0, each larger than the one before; "
        + "this one has \(rungs)" + (1...limit ~= rungs ? ", which do not rise" : "")
    case .densityOutOfRange(let value):
      return "\(value) is not a density: it is the fraction kept, at least 0 and at most 1"
    case .noSuchLayer(let pattern, let layers):
      return Self.describeNoSuchLayer(pattern, layers: layers)
    case .layerNotStated(let layer):
      return "the budget policy manual states no sparsity for layer \(layer); "
        + "state one for every layer that is not kept"
    case .tooFewKept(let demanded, let feasible, let total, let binding):
      let reason =
        binding.map {
          "the limits keep \(feasible), most of them in \($0.layer) (\($0.constraint): \($0.least))"
        } ?? "the least is \(feasible)"
      return "cannot prune to \(demanded) of \(total) weights: \(reason); "
        + Self.nearestTarget(keeping: feasible, of: total)
    case .limitTooSmall(let limit, let kept, let feasible, let binding):
      let most = binding.map { ", most of them in \($0.layer) (\($0.constraint): \($0.least))" }
      return "cannot get down to \(limit.most) \(limit.unit): the network keeps \(kept) weights at "
        + "least\(most ?? "") and takes \(feasible) then; the nearest feasible limit is \(feasible)"
    case .timeOrder:
      return "times of a layer are measured from all its weights down to none"
    case .timeInvalid(let kept, let nanoseconds):
      return "with \(kept) weights left, a layer takes \(nanoseconds) ns; times must be from 0 to "
        + "10^15"
    case .timeTooShort(let milliseconds, let kept, let feasible, let layer, let share):
      return "cannot get down to \(milliseconds) milliseconds: the network keeps \(kept) weights "
        + "at least and takes \(feasible) then, \(Int((share * 100).rounded())) % of it in "
        + "\(layer); the nearest feasible limit is \(feasible)"
    case .tooManyKept(let demanded, let feasible, let total):
      return "cannot keep \(demanded) of \(total) weights: only \(feasible) are left and removed "
        + "ones do not come back; " + Self.nearestTarget(keeping: feasible, of: total)
    case .layerCount(let layer, let demanded, let remaining):
      return "layer \(layer) cannot keep \(demanded) weights: it has \(remaining) left"
    case .groupsNotDense(let layer, let pattern, let remaining, let weights):
      return "\(pattern) groups are counted in dense layers, and \(layer) has \(remaining) of its "
        + "\(weights) weights left; prune to n_of_m before anything else, or keep the layer"
    case .unitsNotDense(let layer, let remaining, let weights):
      return "what the stated units come to follows in dense layers, and \(layer) has \(remaining) "
        + "of its \(weights) weights left; state the sparsity to reach (to)"
    case .groupTotal(let pattern, let demanded, let stated, let total):
      let sparsity = Sparsity.shortest(removing: total - stated, of: total)
      return "\(pattern) groups leave \(stated) of \(total) weights, not \(demanded); leave the "
        + "sparsity out" + (sparsity.map { ", or write \($0)" } ?? "")
    case .groupsBelowLimit(let layer, let pattern, let count, let least):
      return "\(pattern) groups leave \(count) weights of layer \(layer), whose limits keep "
        + "\(least); keep the layer, or take its limit away"
    }
  }

  private static func nearestTarget(keeping kept: Int, of total: Int) -> String {
    guard let sparsity = Sparsity.shortest(removing: total - kept, of: total) else {
      return "the nearest feasible target keeps \(kept)"
    }
    return "the nearest feasible target is sparsity \(sparsity)"
  }

  private static func describeNoSuchLayer(_ pattern: String, layers: [String]) -> String {
    let shown = layers.prefix(8).joined(separator: ", ")
    let rest = layers.count > 8 ? " and \(layers.count - 8) more" : ""
    return "no layer is called \(pattern); "
      + (layers.isEmpty ? "there are no layers" : "the layers are \(shown)\(rest)")
  }
}
