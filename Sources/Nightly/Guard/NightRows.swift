import Runs
import Storage

/// `rows.bin` in a job's folder: a hash of each row that the last finished night had, by which the next one
/// tells new rows from old. A line that says what follows, then eight bytes a row, ascending.
package struct NightRows: Sendable, Equatable {
  /// The night that had them.
  package let night: String
  /// Ascending.
  let hashes: [UInt64]

  /// - Parameter hashes: in any order.
  package init(_ night: String, _ hashes: [UInt64]) {
    self.night = night
    self.hashes = hashes.sorted()
  }

  /// - Throws: `StoreError`.
  func write(to job: NightlyFolder) throws(StoreError) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hashes.count * 8)
    for hash in hashes {
      withUnsafeBytes(of: hash.littleEndian) { bytes.append(contentsOf: $0) }
    }
    let head = SealedObject.line(of: [
      "format": 1, "night": .string(night), "rows": JSONValue(hashes.count),
      "rows_sha256": .string(Digest.sha256(bytes)),
    ])
    try DurableFile.write(Array((head + "\n").utf8) + bytes, to: job.rows)
  }

  /// Reads what the last night has left; nil where there is nothing that is as it was written.
  init?(in job: NightlyFolder) {
    guard let content = try? FilePaths.readIfThere(job.rows, limit: 8 << 30),
      let end = content.firstIndex(of: UInt8(ascii: "\n")),
      let head = SealedObject.object(ofLine: Array(content[..<end])),
      head["format"]?.intValue == 1, let night = head["night"]?.stringValue
    else { return nil }
    let bytes = Array(content[(end + 1)...])
    guard bytes.count == head["rows"]?.intValue.map({ $0 &* 8 }),
      head["rows_sha256"]?.stringValue == Digest.sha256(bytes)
    else { return nil }
    self.night = night
    hashes = bytes.withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: 8).map {
        UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
      }
    }
  }
}

/// Tonight's rows, counted by what stood in them before.
package struct RowTally: Sendable, Equatable {
  /// All rows of the training source, whatever part they are in.
  package let rows: Int
  /// Rows of which an equal one stands among tonight's already.
  package let copies: Int
  /// Rows that the last night did not have; nil where nobody knows what it had.
  package let new: Int?
  /// The night that they are new since.
  package let since: String?

  /// - Parameter last: what the night before had; nil where that is not known.
  package init(_ tonight: NightRows, after last: NightRows?) {
    let hashes = tonight.hashes
    rows = hashes.count
    copies = zip(hashes, hashes.dropFirst()).count { $0 == $1 }
    since = last?.night
    guard let last else {
      new = nil
      return
    }
    var place = 0
    var new = 0
    for hash in hashes {
      while place < last.hashes.count, last.hashes[place] < hash { place += 1 }
      if place == last.hashes.count || last.hashes[place] != hash { new += 1 }
    }
    self.new = new
  }

  /// What the log says of them.
  package var text: String {
    let news = since.map { ", \(new ?? 0) of them new since \($0)" } ?? ""
    return "\(counted(rows, "row"))\(news), \(counted(copies, "copy", "copies")) of others"
  }
}
