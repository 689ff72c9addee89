/// NumPy's array files of version 1.0, as they are written; `NPYHeader` reads them.
package enum NPYFile {
  /// A file of texts of a fixed length, in UTF-32.
  package static func bytes(of texts: [String]) -> [UInt8] {
    let length = max(1, texts.map(\.unicodeScalars.count).max() ?? 1)
    var bytes = start(type: "<U\(length)", shape: [texts.count])
    for text in texts {
      var words = text.unicodeScalars.map(\.value)
      words += Array(repeating: 0, count: length - words.count)
      for word in words { bytes += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
    return bytes
  }

  /// What stands before the elements, which begin at a multiple of 64.
  ///
  /// - Parameter type: as NumPy calls it, such as `<f4`.
  package static func start(type: String, shape: [Int]) -> [UInt8] {
    let lengths = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(lengths)), }"
    let unpadded = NPYHeader.magic.count + 4 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let length = UInt16(header.utf8.count)
    return NPYHeader.magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(header.utf8)
  }
}
