import Engine
import NumericCore

/// Removes from a network what cannot matter, so that matrices get smaller: its outputs stay the same
/// within rounding, for every input.
///
/// - A unit without live inputs gives the constant σ(b). That goes into the biases of the next layer, and
///   the unit goes.
/// - Units with the same incoming weights, bias and slope give the same. The first stays, with the sum of
///   their outgoing weights.
/// - A unit without live outputs goes.
///
/// To a fixed point: shrinking what came out changes nothing. Every layer keeps a unit; of a layer that
/// needs none it is the first, without weights and with bias 0, and the outputs are the constants that have
/// gone up. Which weights are live is what masks say; biases and slopes of units that stay are as they were
/// but for the constants.
///
/// The optimizer's moments go along. Units that merge keep the moments of the first on the way out, where
/// their gradients are the same; on the way in, where the gradient of the one unit is the sum of theirs,
/// first moments are added, and second ones as (√v₁ + √v₂)²: exact where the two gradients are
/// proportional, and else more, which makes a smaller step.
package struct Shrinking: Sendable, Equatable {
  /// Whether identical units merge.
  package let mergesIdentical: Bool
  /// Whether weights that are 0 go like removed ones: for a network that is not trained any more.
  package let removesZeros: Bool
  /// Whether inputs that nothing reads are left out.
  package let dropsInputs: Bool

  package init(
    mergesIdentical: Bool = true, removesZeros: Bool = false, dropsInputs: Bool = false
  ) {
    self.mergesIdentical = mergesIdentical
    self.removesZeros = removesZeros
    self.dropsInputs = dropsInputs
  }

  /// `state` without what cannot matter, and what that was. Leaving out inputs changes what the network
  /// takes: scaling and interface are those of the inputs that stay.
  package func shrink(_ state: ModelState) -> (state: ModelState, report: ShrinkingReport) {
    var work = ShrinkingWork(state)
    repeat { pass(&work) } while work.compact()
    var report = work.report(of: state)
    var result = state
    (result.network, result.optimizer) = (work.network, work.optimizer)
    if dropsInputs {
      let dropped = report.unread.filter { !$0.isKept }
      result.drop(dropped)
      report.dropped = dropped
    }
    result.original = OriginalShape(
      widths: state.original?.widths ?? state.network.widths, of: result.network.widths)
    return (result, report)
  }

  /// Takes the outgoing weights of all units that need not be, from the inputs upwards.
  private func pass(_ work: inout ShrinkingWork) {
    if removesZeros { work.removeZeros() }
    for layer in work.network.layers.indices.dropLast() {
      work.foldConstants(ofLayer: layer)
      if mergesIdentical { work.mergeIdentical(inLayer: layer) }
    }
  }
}

extension ModelState {
  /// Leaves out the inputs of `columns`, which no weight reads.
  fileprivate mutating func drop(_ columns: [ShrinkingReport.Column]) {
    if columns.isEmpty { return }
    var isKept = [Bool](repeating: true, count: network.inputs)
    for column in columns {
      for input in column.inputs { isKept[input] = false }
    }
    let kept = isKept.indices.filter { isKept[$0] }
    let selection = UnitSelection(
      units: [kept] + network.layers.map { Array(0..<$0.outputs) })
    network = selection.compact(network)
    if let moments = optimizer {
      optimizer?.first = selection.compact(moments.first)
      optimizer?.second = selection.compact(moments.second)
    }
    if let scaling = inputScaling {
      inputScaling = AffineScaling(
        shift: kept.map { scaling.shift[$0] }, scale: kept.map { scaling.scale[$0] })
    }
    guard let known = interface, !known.inputs.isEmpty else { return }
    let gone = Set(columns.map(\.place))
    interface?.inputs = known.inputs.enumerated().filter { !gone.contains($0.offset) }
      .map(\.element)
    if let table = known.table {
      let left = columns.map { column in
        ModelInterface.Column(name: column.name, position: known.inputs[column.place].position)
      }
      interface?.table = ModelInterface.Table(
        delimiter: table.delimiter, decimalSign: table.decimalSign, header: table.header,
        ignored: (table.ignored + left).sorted { $0.position < $1.position })
    }
  }
}
