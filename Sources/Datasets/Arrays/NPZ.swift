import NumericCore
import Storage

/// NumPy's archives of arrays, as they are written; `ZipArchive` reads them.
package enum NPZ {
  /// An NPZ file with one array, stored as it is; nil beyond 4 GiB, which wants the zip64 form.
  package static func bytes(of matrix: Matrix, name: String) -> [UInt8]? {
    let content = NPY.bytes(of: matrix)
    let file = Array((name + ".npy").utf8)
    guard content.count < Int(UInt32.max) - 1024 else { return nil }
    // Version 2.0, no flags, stored; 1980-01-01, so that the same outputs are the same bytes.
    let common =
      little(20, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0x21, 2)
      + little(Int(Inflate.crc32(content.span)), 4) + little(content.count, 4)
      + little(content.count, 4) + little(file.count, 2) + little(0, 2)
    var bytes: [UInt8] = little(0x0403_4b50, 4) + common + file + content
    let start = bytes.count
    let directory =
      little(0x0201_4b50, 4) + little(20, 2) + common + little(0, 2) + little(0, 2) + little(0, 2)
      + little(0, 4) + little(0, 4) + file
    bytes += directory
    bytes +=
      little(0x0605_4b50, 4) + little(0, 4) + little(1, 2) + little(1, 2)
      + little(directory.count, 4) + little(start, 4) + little(0, 2)
    return bytes
  }

  private static func little(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
