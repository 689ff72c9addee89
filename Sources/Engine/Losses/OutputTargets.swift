import NumericCore

/// What the outputs of a batch should be: outputs of a reference, targets, or both.
package struct OutputTargets: Sendable {
  /// y* [outputs, samples]; nil where nothing reads it.
  package var reference: SampleBlock?
  /// A class for every sample; for losses on classes.
  package var labels: [Int32]
  /// t [outputs, samples]; for losses on values.
  package var values: SampleBlock

  package init(reference: SampleBlock?, labels: [Int32], values: SampleBlock) {
    self.reference = reference
    self.labels = labels
    self.values = values
  }

  /// Addresses of the first sample's; rows are as far apart as those of the outputs.
  struct Places {
    let reference: UnsafePointer<Float>?
    let labels: UnsafePointer<Int32>?
    let values: UnsafePointer<Float>?

    /// Those of sample `first`.
    func from(_ first: Int) -> Places {
      Places(
        reference: reference.map { $0 + first }, labels: labels.map { $0 + first },
        values: values.map { $0 + first })
    }
  }

  func withPlaces<Result>(_ body: (Places) -> Result) -> Result {
    labels.withUnsafeBufferPointer { labels in
      values.values.withElements { values in
        guard let reference else {
          return body(
            Places(reference: nil, labels: labels.baseAddress, values: values.baseAddress))
        }
        return reference.values.withElements { reference in
          body(
            Places(
              reference: reference.baseAddress, labels: labels.baseAddress,
              values: values.baseAddress))
        }
      }
    }
  }
}
