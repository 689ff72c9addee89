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

  /// Sum of all squares, in Double and a fixed order.
  package var sumOfSquares: Double {
    withElements { $0.isEmpty ? 0 : eck_sum_squares($0.count, $0.baseAddress!) }
  }
}
