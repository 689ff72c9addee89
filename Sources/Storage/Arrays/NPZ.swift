/// NumPy's archives of arrays, as they are written; `ZipArchive` reads them.
package enum NPZ {
  /// An NPZ file with these contents of NPY files, stored as they are; nil beyond 4 GiB, which wants the
  /// zip64 form.
  package static func bytes(of arrays: [(name: String, content: [UInt8])]) -> [UInt8]? {
    let total = arrays.reduce(0) { $0 + $1.content.count + 2 * $1.name.utf8.count + 128 }
    guard total < Int(UInt32.max) - 1024, arrays.count <= Int(UInt16.max) else { return nil }
    var bytes: [UInt8] = []
    // Without growing, which takes the memory of two.
    bytes.reserveCapacity(total)
    var directory: [UInt8] = []
    for (name, content) in arrays {
      let file = Array((name + ".npy").utf8)
      // Version 2.0, no flags, stored; 1980-01-01, so that the same outputs are the same bytes.
      let common =
        little(20, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0x21, 2)
        + little(Int(Inflate.crc32(content.span)), 4) + little(content.count, 4)
        + little(content.count, 4) + little(file.count, 2) + little(0, 2)
      directory +=
        little(0x0201_4b50, 4) + little(20, 2) + common + little(0, 2) + little(0, 2)
        + little(0, 2) + little(0, 4) + little(bytes.count, 4) + file
      bytes += little(0x0403_4b50, 4) + common + file
      bytes += content
    }
    let start = bytes.count
    bytes += directory
    bytes +=
      little(0x0605_4b50, 4) + little(0, 4) + little(arrays.count, 2) + little(arrays.count, 2)
      + little(directory.count, 4) + little(start, 4) + little(0, 2)
    return bytes
  }

  private static func little(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
