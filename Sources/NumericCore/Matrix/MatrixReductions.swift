import CKernels

extension Matrix {
  /// Whether no element is NaN or infinite.
  package var isFinite: Bool {
    withElements { $0.isEmpty || eck_all_finite($0.count, $0.baseAddress!) == 1 }
  }

  /// Sum of all elements, in Double and a fixed order.
  package var sum: Double {
    withElements { $0.isEmpty ? 0 : eck_sum($0.count, $0.baseAddress!) }
  }

  /// Adds every element to the one of `sums` at its place, row-major.
  package func add(to sums: inout [Double]) {
    precondition(sums.count == count, "a sum for every element")
    withElements { elements in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let from = elements.baseAddress else { return }
        eck_accumulate(elements.count, from, sums.baseAddress!)
      }
    }
  }

  /// Sum of all squares, in Double and a fixed order.
  package var sumOfSquares: Double {
    withElements { $0.isEmpty ? 0 : eck_sum_squares($0.count, $0.baseAddress!) }
  }
}
