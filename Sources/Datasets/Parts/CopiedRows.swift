import Storage

/// Rows outside the training part that stand in it as well: a network is not tested on what it has learnt by heart.
struct CopiedRows {
  /// The least share of a part's rows that the user is told of: fewer copies move no figure much.
  private static let leastShare = 0.01

  private let raw: RawParts

  init(_ raw: RawParts) { self.raw = raw }

  /// A sentence for each part with many copies.
  var notes: [String] {
    let parts = [
      (DataPartName.validation, raw.validation, raw.split.validation),
      (.test, raw.test, raw.split.test),
    ].map { name, own, rows in
      (name, isOwn: own != nil, hashes: own.map(Self.hashes) ?? Self.hashes(of: raw.main, rows))
    }
    let trained = found(Set(parts.flatMap(\.hashes)))
    return parts.compactMap { name, isOwn, hashes in
      let copies = hashes.count(where: trained.contains)
      guard copies > 0, Double(copies) >= Self.leastShare * Double(hashes.count) else { return nil }
      let advice =
        isOwn
        ? "remove them from one of the files" : "split: {by: content} keeps copies in one part"
      return
        "\(raw.main.source): \(copies) of \(counted(hashes.count, "row")) of the \(name.rawValue) part "
        + "\(copies == 1 ? "is a copy of a training row" : "are copies of training rows"), inputs and target, so its "
        + "figures are better than those of new rows; \(advice)"
    }
  }

  /// Those of `hashes` that a training row has. Training rows are walked, not kept: there may be many.
  private func found(_ hashes: Set<UInt64>) -> Set<UInt64> {
    var found: Set<UInt64> = []
    if hashes.isEmpty { return found }
    raw.main.forEachRowHash(raw.split.train) { if hashes.contains($0) { found.insert($0) } }
    return found
  }

  private static func hashes(of dataset: Dataset) -> [UInt64] {
    hashes(of: dataset, 0..<Int32(dataset.rows))
  }

  private static func hashes(
    of dataset: Dataset, _ rows: some RandomAccessCollection<Int32>
  ) -> [UInt64] {
    var hashes: [UInt64] = []
    hashes.reserveCapacity(rows.count)
    dataset.forEachRowHash(rows) { hashes.append($0) }
    return hashes
  }
}
