import CKernels
import NumericCore

extension TrainingChain {
  /// Takes the samples `rows` of `data` [rows, features] down the chain, and the gradient of `objective`
  /// up again.
  ///
  /// - Parameters:
  ///   - targets: what the outputs should be.
  ///   - ascends: whether the gradient is wanted.
  /// - Returns: the objective summed over the samples.
  package func propagate(
    _ data: Matrix, rows: ArraySlice<Int32>, objective: OutputObjective, targets: OutputTargets,
    ascends: Bool = true
  ) -> Double {
    let (output, count) = (results[parameters.count - 1], rows.count)
    check(targets, objective, count: count)
    return targets.withPlaces { places in
      carry(data, rows, ascends: ascends) { columns, _ in
        let first = columns.lowerBound
        let block = OutputObjective.Block(
          outputs: parameters.outputs, count: min(columns.count, count - first),
          padded: columns.count, stride: output.a.stride)
        return objective.evaluate(
          output.a.start + first, block, targets: places.from(first), deltas: output.deltas + first)
      }
    }
  }

  /// Takes the samples `rows` of `data` [rows, features] down the chain, with them the derivatives of all
  /// values along `tangent`, and up again what the curvature of `objective` makes of those of the outputs:
  /// the gradients of the batch are then Σ Jᵀ M J v with the direction v, M the curvature and J = ∂y/∂θ.
  package func propagate(
    _ data: Matrix, rows: ArraySlice<Int32>, along tangent: ChainTangent,
    objective: OutputObjective, targets: OutputTargets
  ) {
    let (output, count) = (results[parameters.count - 1], rows.count)
    precondition(dropout == nil, "derivatives are those of the whole network")
    if objective.curvatureReadsTargets { check(targets, objective, count: count) }
    _ = targets.withPlaces { places in
      carry(data, rows) { columns, worker in
        descend(columns, along: tangent, worker: worker)
        let first = columns.lowerBound
        let block = OutputObjective.Block(
          outputs: parameters.outputs, count: min(columns.count, count - first),
          padded: columns.count, stride: output.a.stride)
        objective.curve(
          output.deltas + first, at: output.a.start + first, block, targets: places.from(first))
        return 0
      }
    }
  }

  private func check(_ targets: OutputTargets, _ objective: OutputObjective, count: Int) {
    let (outputs, stride) = (parameters.outputs, results[parameters.count - 1].a.stride)
    func fits(_ block: SampleBlock) -> Bool {
      block.features == outputs && block.count == count && block.stride == stride
    }
    if objective.readsReference {
      precondition(targets.reference.map(fits) == true, "a reference's outputs for every sample")
    }
    guard objective.readsLabels else { return }
    if objective.loss.usesClassLabels {
      precondition(
        targets.labels.count >= count
          && targets.labels[..<count].allSatisfy { $0 >= 0 && $0 < outputs },
        "a class for every sample")
    } else {
      precondition(fits(targets.values), "values for every sample")
    }
  }

  /// The derivatives of each layer's activations along the direction, in the place of their deltas:
  /// t = (V x + W t_below + v) ∘ σ'(z).
  private func descend(_ columns: Range<Int>, along tangent: ChainTangent, worker: Int) {
    let (first, width) = (columns.lowerBound, columns.count)
    let space = tangent.space(of: worker)
    for layer in 0..<parameters.count {
      let (from, to) = (input(of: layer), results[layer])
      let stride = to.a.stride
      tangent.moved[layer].combine(
        from.start + first, stride: from.stride, width: width, into: to.deltas + first,
        stride: stride, product: product)
      if layer > 0 {
        tangent.unbiased[layer].combine(
          results[layer - 1].deltas + first, stride: from.stride, width: width, into: space,
          stride: width, product: product)
        eck_add_rows(
          parameters.layers[layer].outputs, width, space, width, to.deltas + first, stride)
      }
      _ = parameters.layers[layer].deriveOutput(
        to.deltas + first, width: width, z: to.z + first, a: to.a.start + first, stride: stride)
    }
  }
}
