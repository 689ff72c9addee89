import Glibc

/// Files that the kernel makes up, whose size it does not say.
package enum KernelText {
  /// The beginning of the file at `path`; nil where there is none.
  ///
  /// - Parameter most: bytes that are read at most.
  package static func read(_ path: String, most: Int = 1 << 20) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: min(most, 1 << 14))
    while bytes.count < most {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0 { return nil }
      if count == 0 { break }
      bytes += piece[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The value of the line `name: value` in `text`, without blanks around it.
  package static func value(of name: String, in text: String?) -> String? {
    guard let line = text?.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") }) else {
      return nil
    }
    let value = line.dropFirst(name.count + 1).drop { $0 == " " || $0 == "\t" }
    return String(value)
  }

  /// Numbers in a list of the kernel, such as `0-3,8`: how many there are.
  package static func count(_ list: String) -> Int? {
    var total = 0
    for range in list.split(separator: ",") {
      let ends = range.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, last >= first else { return nil }
      total += last - first + 1
    }
    return total > 0 ? total : nil
  }
}
