import Glibc
import Runs
import Storage

/// How the values of one column are distributed: counts in bins of its own, or by level.
package struct ColumnProfile: Sendable, Equatable {
  /// The most bins of a column of numbers.
  static let mostBins = 10
  /// The column's name, or its position, for messages.
  package let name: String
  /// The upper ends of all bins but the last, ascending; empty for levels and for a single value.
  let edges: [Double]
  /// The levels of a text column, in order; nil for numbers.
  let levels: [String]?
  /// Rows in each bin, or with each level.
  package let counts: [Int]
  /// The least and the largest value; nil for levels, and where there are no rows.
  package var range: ClosedRange<Double>?

  /// The profile of numbers, in bins of about as many values each.
  ///
  /// A bin ends midway between two values: numbers come back from their scale rounded, each night by another scale,
  /// and a value that lay on an end would change its bin.
  package init(name: String, numbers: [Double]) {
    let sorted = numbers.sorted()
    var edges: [Double] = []
    for bin in 1..<Self.mostBins where !sorted.isEmpty {
      let last = sorted[min(sorted.count - 1, sorted.count * bin / Self.mostBins)]
      // The largest value closes the last bin, which has no end.
      guard let next = sorted.first(where: { $0 > last }) else { break }
      let edge = last + (next - last) / 2
      if edge != edges.last { edges.append(edge) }
    }
    self.init(name: name, numbers: numbers, edges: edges)
  }

  private init(name: String, numbers: [Double], edges: [Double]) {
    self.name = name
    self.edges = edges
    levels = nil
    var counts = Array(repeating: 0, count: edges.count + 1)
    for value in numbers {
      var (low, high) = (0, edges.count)
      while low < high {
        let middle = (low + high) / 2
        if value <= edges[middle] { high = middle } else { low = middle + 1 }
      }
      counts[low] += 1
    }
    self.counts = counts
  }

  /// The profile of levels, by how many rows have each; the last count is of rows with none of them.
  package init(name: String, levels: [String], counts: [Int]) {
    self.name = name
    edges = []
    self.levels = levels
    self.counts = counts
  }

  /// The profile of other numbers in the bins of this one.
  package func like(_ numbers: [Double]) -> ColumnProfile {
    ColumnProfile(name: name, numbers: numbers, edges: edges)
  }

  /// This and another column of text by the levels of both, so that one with new levels can be compared; nil
  /// where one of them has numbers.
  func together(with other: ColumnProfile) -> (ColumnProfile, ColumnProfile)? {
    guard let own = levels, let others = other.levels else { return nil }
    let known = Set(own)
    let all = own + others.filter { !known.contains($0) }
    func counted(_ profile: ColumnProfile, _ levels: [String]) -> ColumnProfile {
      let counts = Dictionary(zip(levels, profile.counts), uniquingKeysWith: +)
      return ColumnProfile(
        name: profile.name, levels: all,
        counts: all.map { counts[$0] ?? 0 } + profile.counts.suffix(1))
    }
    return (counted(self, own), counted(other, others))
  }

  /// Whether `other` is told in the same bins.
  func isComparable(to other: ColumnProfile) -> Bool {
    counts.count == other.counts.count && levels == other.levels
  }

  /// The population stability index of `other`, in the same bins, against this: Σ (q − p) · ln(q / p). A bin
  /// that is empty on one side counts as half a row there.
  package func stabilityIndex(of other: ColumnProfile) -> Double {
    let (n, m) = (Double(counts.reduce(0, +)), Double(other.counts.reduce(0, +)))
    guard n > 0, m > 0 else { return 0 }
    return zip(counts, other.counts).reduce(0) { sum, pair in
      if pair.0 == 0, pair.1 == 0 { return sum }
      let (p, q) = (max(Double(pair.0), 0.5) / n, max(Double(pair.1), 0.5) / m)
      return sum + (q - p) * log(q / p)
    }
  }

  /// The index that rows of one and the same distribution exceed with this probability. It is about the sum
  /// of both reciprocal counts times a chi-squared variable with one degree of freedom less than bins.
  ///
  /// Source: Yurdakul and Naranjo, "Statistical properties of the population stability index", Journal of
  /// Risk Model Validation 14, 2020.
  package func indexByChance(of other: ColumnProfile, probability: Double) -> Double {
    let (n, m) = (counts.reduce(0, +), other.counts.reduce(0, +))
    guard counts.count > 1, n > 0, m > 0 else { return 0 }
    return (1 / Double(n) + 1 / Double(m))
      * Quantile.chiSquared(1 - probability, freedom: Double(counts.count - 1))
  }

  /// The share of each bin.
  package var shares: [Double] {
    let total = Double(max(1, counts.reduce(0, +)))
    return counts.map { Double($0) / total }
  }
}

extension ColumnProfile {
  var json: JSONValue {
    [
      "name": .string(name), "edges": .array(edges.map { JSONValue($0) }),
      "levels": levels.map { .array($0.map { .string($0) }) } ?? .null,
      "counts": .array(counts.map { JSONValue($0) }),
      "range": range.map { .array([JSONValue($0.lowerBound), JSONValue($0.upperBound)]) } ?? .null,
    ]
  }

  init(json: JSONValue) throws(JSONError) {
    name = try json.string(at: "name")
    edges = try json.array(at: "edges").compactMap(\.doubleValue)
    levels = json["levels"]?.arrayValue?.compactMap(\.stringValue)
    counts = try json.array(at: "counts").compactMap(\.intValue)
    let ends = json["range"]?.arrayValue?.compactMap(\.doubleValue) ?? []
    if ends.count == 2, ends[0] <= ends[1] { range = ends[0]...ends[1] }
    let bins = levels.map { $0.count + 1 } ?? edges.count + 1
    guard counts.count == bins, counts.allSatisfy({ $0 >= 0 }) else {
      throw .wrongKind(path: "counts", expected: "\(bins) counts", found: "\(counts.count)")
    }
  }
}
