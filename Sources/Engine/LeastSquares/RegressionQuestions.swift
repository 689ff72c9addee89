import NumericCore

/// Rows of a layer that are asked together (`RidgeRegression`), in groups that share a factorisation.
package struct RegressionQuestions {
  package let rows: [RidgeRegression.Row]
  /// Positions of rows with equal S, in the order of their first.
  let groups: [[Int]]
  /// Whether it pays to have the inverse of all inputs' matrix first.
  let wantsInverse: Bool
  /// Floating-point operations of all factorisations, but for that inverse.
  package let operations: Double
  /// The order of the matrix that each group factorises.
  private let orders: [Int]

  /// - Parameter inputs: of the layer.
  package init(_ rows: [RidgeRegression.Row], inputs: Int) {
    self.rows = rows
    groups = Self.groups(of: rows)
    let sizes = groups.map { rows[$0[0]].kept.count }
    let work = Self.work(inputs: inputs, sizes: sizes)
    (wantsInverse, operations) = (work.wantsInverse, work.operations)
    orders = sizes.map { work.wantsInverse ? min($0, inputs - $0) : $0 }
  }

  /// What groups cost beside one another: some thousand operations each.
  var costs: [Int] {
    zip(groups, orders).map { group, order in
      let size = order / 16 + 1
      return size * size * (size + group.count)
    }
  }

  /// Whether groups with so many inputs in S go by the inverse of all inputs' matrix, and what they take then.
  package static func work(
    inputs: Int, sizes: [Int]
  ) -> (wantsInverse: Bool, operations: Double) {
    let direct = sizes.reduce(0.0) { $0 + cube($1) / 3 }
    let inverse = cube(inputs) * 7 / 3
    let partitioned = sizes.reduce(inverse) { $0 + cube(min($1, inputs - $1)) / 3 }
    let wantsInverse = partitioned < direct
    return (wantsInverse, wantsInverse ? partitioned - inverse : direct)
  }

  private static func cube(_ size: Int) -> Double { Double(size) * Double(size) * Double(size) }

  private static func groups(of rows: [RidgeRegression.Row]) -> [[Int]] {
    var places: [[Int]: Int] = [:]
    var groups: [[Int]] = []
    for (position, row) in rows.enumerated() {
      if let place = places[row.kept] {
        groups[place].append(position)
      } else {
        places[row.kept] = groups.count
        groups.append([position])
      }
    }
    return groups
  }
}

extension PassShares {
  /// Gives rank 0 the answers of other ranks.
  ///
  /// - Parameter starts: the first group of each rank, and behind it the number of all.
  func collect(
    _ fits: inout [RidgeRegression.Fit], of questions: RegressionQuestions, _ starts: [Int]
  ) {
    // Weights, and two errors in double precision.
    let words = fits.map { $0.weights.count + 4 }
    var bounds = [0]
    for (start, end) in zip(starts, starts.dropFirst()) {
      let own = questions.groups[start..<end].joined().reduce(0) { $0 + words[$1] }
      bounds.append(bounds[bounds.count - 1] + own)
    }
    let memory = ChainMemory()
    let space = memory.allocate(bounds[collective.size], filledWith: UInt32(0))
    func forEachPlace(of rank: Int, _ body: (Int, UnsafeMutableRawPointer) -> Void) {
      var place = space + bounds[rank]
      for row in questions.groups[starts[rank]..<starts[rank + 1]].joined() {
        body(row, UnsafeMutableRawPointer(place))
        place += words[row]
      }
    }
    withExtendedLifetime(memory) {
      forEachPlace(of: collective.rank) { row, place in
        fits[row].weights.withUnsafeBytes {
          place.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(place), byteCount: $0.count)
        }
        let end = place + 4 * fits[row].weights.count
        end.storeBytes(of: fits[row].errors.former, as: Double.self)
        (end + 8).storeBytes(of: fits[row].errors.fitted, as: Double.self)
      }
      collective.collect([SharedSpan(space, bounds: bounds)])
      guard collective.isFirst else { return }
      for rank in 1..<collective.size {
        forEachPlace(of: rank) { row, place in
          let count = fits[row].weights.count
          let weights = [Float](unsafeUninitializedCapacity: count) { target, initialized in
            UnsafeMutableRawBufferPointer(target).copyMemory(
              from: UnsafeRawBufferPointer(start: place, count: 4 * count))
            initialized = count
          }
          let end = place + 4 * count
          fits[row] = RidgeRegression.Fit(
            weights: weights,
            errors: (
              end.loadUnaligned(as: Double.self),
              end.loadUnaligned(fromByteOffset: 8, as: Double.self)
            ))
        }
      }
    }
  }
}
