import Storage

/// A reference to an array: an NPY file, or an entry of an NPZ file written as `FILE.npz:ENTRY`.
///
/// Without an entry, an NPZ file must have one array only, or one of the usual name: `inputs`, `x`
/// or `X` for inputs; `targets`, `labels`, `y` or `Y` for targets.
package struct ArrayFile: Sendable, Equatable {
  package let path: String
  /// The name in an NPZ file, with or without `.npy`.
  package let entry: String?

  /// Reads a reference as written in a schedule.
  package init(_ reference: String) {
    if let marker = reference.ranges(of: ".npz:").last {
      path = String(reference[..<marker.upperBound].dropLast())
      entry = String(reference[marker.upperBound...])
    } else {
      path = reference
      entry = nil
    }
  }

  /// As a schedule has it.
  package var reference: String { entry.map { "\(path):\($0)" } ?? path }

  /// The array of this reference in the content of its file.
  /// - Throws: `DatasetError`.
  package func array(
    _ content: FileContent, role: DatasetError.ArrayRole, limit: Int
  ) throws(DatasetError) -> NumericArray {
    let start = try content.prefix(DataFormats.startLength)
    guard entry != nil || ZipArchive.matches(start) else {
      return try NPY.array(content, file: path)
    }
    guard case .file(let file) = content else { return try array(try content.whole(), role, limit) }
    let read: ZipArchive.Reading = { try? file.bytes($0) }
    let archive = try DatasetError.reading { () throws(ArrayFileError) in
      try ZipArchive(size: file.size, file: path, read)
    }
    let found = try select(in: archive, role: role)
    let place = try DatasetError.reading { () throws(ArrayFileError) in
      try archive.place(of: found, limit: limit, read)
    }
    let packed = FileContent.packed(PackedFile(file, archive.place(of: found), place))
    return try NPY.array(packed, file: "\(path):\(Self.arrayName(found))")
  }

  /// The array in an archive that lies in memory.
  private func array(
    _ bytes: [UInt8], _ role: DatasetError.ArrayRole, _ limit: Int
  ) throws(DatasetError) -> NumericArray {
    let archive = try DatasetError.reading { () throws(ArrayFileError) in
      try ZipArchive(bytes, file: path)
    }
    let found = try select(in: archive, role: role)
    let content = try DatasetError.reading { () throws(ArrayFileError) in
      try archive.content(of: found, in: bytes, limit: limit)
    }
    return try NPY.array(content, file: "\(path):\(Self.arrayName(found))")
  }

  /// The entry that is named, usual or the only one.
  private func select(
    in archive: ZipArchive, role: DatasetError.ArrayRole
  ) throws(DatasetError) -> ZipArchive.Entry {
    let names = archive.entries.map(Self.arrayName)
    func found(_ name: String) -> ZipArchive.Entry? {
      names.firstIndex(of: name).map { archive.entries[$0] }
    }
    if let entry {
      let name = entry.hasSuffix(".npy") ? String(entry.dropLast(4)) : entry
      if let found = found(name) { return found }
      throw entryNotFound("there is no entry \(excerpt(entry))", names)
    }
    if archive.entries.count == 1 { return archive.entries[0] }
    let usual = role == .inputs ? ["inputs", "x", "X"] : ["targets", "labels", "y", "Y"]
    if let found = usual.lazy.compactMap(found).first { return found }
    throw entryNotFound("it is not clear which entry to read", names)
  }

  private func entryNotFound(_ problem: String, _ names: [String]) -> DatasetError {
    if names.isEmpty { return .at(path, "the archive is empty; check the path") }
    let list = names.prefix(8).map(excerpt).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
    return .at(path, "\(problem); choose \(list) as FILE.npz:ENTRY")
  }

  private static func arrayName(_ entry: ZipArchive.Entry) -> String {
    entry.name.hasSuffix(".npy") ? String(entry.name.dropLast(4)) : entry.name
  }
}
