/// Less memory than some work takes.
package struct MemoryLack: Error, Equatable, Sendable {
  /// Bytes that it takes at least, beside what is there already.
  package let needed: Int
  /// Bytes that the process can have.
  package let present: Int

  package init(needed: Int, present: Int) {
    self.needed = needed
    self.present = present
  }

  /// The lack of `bytes` for numbers; nil where there are as many, or where that is not known.
  package init?(of bytes: Double, present: Int?) {
    guard let present, bytes > Double(present) else { return nil }
    self.init(needed: Int(exactly: bytes.rounded(.up)) ?? .max, present: present)
  }

  /// What is too small to be worth a look at the limits.
  private static let small = 1 << 20

  /// Makes sure that `bytes` can be had, before Swift asks for them and ends the process where they cannot.
  ///
  /// - Throws: `MemoryLack`.
  package static func refuse(_ bytes: Double) throws(MemoryLack) {
    guard bytes > Double(small) else { return }
    if let lack = MemoryLack(of: bytes, present: MemoryAllowance.present) { throw lack }
  }
}

extension MemoryLack: CustomStringConvertible {
  /// How much is needed and what to do, as a clause that goes on from what needs it.
  package var description: String {
    "takes at least \(Self.mebibytes(needed)) MiB of memory, and there are \(present >> 20); use a machine, or a "
      + "limit, with more"
  }

  private static func mebibytes(_ bytes: Int) -> Int {
    bytes >> 20 + (bytes & 0xFFFFF == 0 ? 0 : 1)
  }
}
