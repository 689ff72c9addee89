@testable import Datasets
import Storage

/// NPZ: every entry of an archive, by name and without one; an array that is accepted comes back
/// from an archive that holds it uncompressed.
func fuzz(_ input: [UInt8]) {
  let limit = 8 << 20
  _ = decoded { try ArrayFile("a.npz").array(.memory(input), role: .targets, limit: limit) }
  guard let archive = decoded({ try ZipArchive(input, file: "a.npz") }) else { return }
  for entry in archive.entries.prefix(4) {
    let file = ArrayFile("a.npz:\(entry.name)")
    guard
      let array = decoded({ try file.array(.memory(input), role: .inputs, limit: limit) }),
      let matrix = decoded({ try array.matrix(role: .inputs) })
    else { continue }
    let stored = storedArchive(of: NPY.bytes(of: matrix), name: "x.npy")
    let again = accepted("what is written is read") {
      try ArrayFile("b.npz").array(.memory(stored), role: .inputs, limit: stored.count)
        .matrix(role: .inputs)
    }
    requireSameBits(matrix, again, "the same matrix from what was written")
  }
}

/// A zip archive of one uncompressed entry.
private func storedArchive(of content: [UInt8], name: String) -> [UInt8] {
  let size = littleEndian(UInt32(content.count))
  let sizes = littleEndian(Inflate.crc32(content.span)) + size + size
  let nameLength = littleEndian(UInt16(name.utf8.count))
  let zeros = [UInt8](repeating: 0, count: 16)
  // Version 20, then no flags, no method, no time and no date.
  let common = [20, 0] + zeros[..<8] + sizes + nameLength + zeros[..<2]
  let local = [0x50, 0x4b, 3, 4] + common + Array(name.utf8) + content
  let directory = [0x50, 0x4b, 1, 2, 20, 0] + common + zeros[..<14] + Array(name.utf8)
  let end =
    [0x50, 0x4b, 5, 6] + zeros[..<4] + [1, 0, 1, 0] + littleEndian(UInt32(directory.count))
    + littleEndian(UInt32(local.count)) + zeros[..<2]
  return local + directory + end
}
