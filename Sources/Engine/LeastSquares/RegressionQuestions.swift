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
    let rows = zip(starts, starts.dropFirst()).map { Array(questions.groups[$0..<$1].joined()) }
    func forEach(
      _ rows: [Int], from start: UnsafeMutablePointer<UInt32>,
      _ body: (Int, UnsafeMutableRawPointer) -> Void
    ) {
      var place = start
      for row in rows {
        body(row, UnsafeMutableRawPointer(place))
        place += words[row]
      }
    }
    collect(
      counts: rows.map { $0.reduce(0) { $0 + words[$1] } }, of: UInt32(0),
      write: { start in
        forEach(rows[collective.rank], from: start) { row, place in
          fits[row].weights.withUnsafeBytes {
            place.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(place), byteCount: $0.count)
          }
          let end = place + 4 * fits[row].weights.count
          end.storeBytes(of: fits[row].errors.former, as: Double.self)
          (end + 8).storeBytes(of: fits[row].errors.fitted, as: Double.self)
        }
      },
      read: { rank, start in
        forEach(rows[rank], from: start) { row, place in
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
      })
  }
}
