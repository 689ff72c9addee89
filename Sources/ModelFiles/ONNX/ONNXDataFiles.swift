import ONNXSchema
import Storage

/// Files beside an ONNX file that hold the values of its tensors: plain files in the same folder and no
/// others, whatever the file says.
struct ONNXDataFiles {
  private let folder: String
  private var contents: [String: [UInt8]] = [:]

  /// Of the ONNX file at `path`.
  init(besides path: String) { folder = FilePaths.folder(of: path) }

  /// SHA-256 of every file that was read, by its name.
  var digests: [String: String] { contents.mapValues { Digest.sha256($0) } }

  /// The bytes of `count` elements of `size` bytes at the place that `entries` say.
  /// - Throws: `ONNXError.tensor` where there is no such place.
  mutating func bytes(
    of entries: [Onnx_StringStringEntryProto], count: Int, size: Int, name: String
  ) throws(ONNXError) -> ArraySlice<UInt8> {
    func entry(_ key: String) -> String? { entries.first { $0.key == key }?.value }
    let location = entry("location") ?? ""
    let needed = count * size
    let offset = Int(entry("offset") ?? "0")
    guard let offset, offset >= 0 else {
      throw .tensor(name, "begins nowhere in '\(location.excerpt)'; export the file again")
    }
    if let length = entry("length"), Int(length) != needed {
      throw .tensor(
        name,
        "has \(length.excerpt) bytes in '\(location.excerpt)', and its shape needs \(needed); export the "
          + "file again")
    }
    let content = try content(of: location, name: name)
    guard offset <= content.count, needed <= content.count - offset else {
      throw .tensor(
        name,
        "ends behind the \(content.count) bytes of '\(location)'; copy that file again, or export both"
      )
    }
    return content[offset..<(offset + needed)]
  }

  private mutating func content(
    of location: String, name: String
  ) throws(ONNXError) -> [UInt8] {
    if let content = contents[location] { return content }
    let isName =
      !location.isEmpty && location != "." && location != ".."
      && !location.utf8.contains { $0 == UInt8(ascii: "/") || $0 < 0x20 }
    guard isName else {
      throw .tensor(
        name,
        "lies in '\(location.excerpt)', and only a file in the folder of the ONNX file itself is read; "
          + "move it there and export again")
    }
    let path = FilePaths.resolve(location, in: folder)
    guard FilePaths.linkTarget(path) == nil else {
      throw .tensor(name, "lies in '\(location)', which is a link; put the file itself there")
    }
    try ONNXError.demand(Double(FilePaths.size(of: path) ?? 0))
    let found: [UInt8]?
    do throws(StoreError) {
      found = try FilePaths.readIfThere(path, limit: .max)
    } catch {
      throw .tensor(name, "lies in '\(location)': \(error)")
    }
    guard let found else {
      throw .tensor(name, "lies in '\(location)', which is not beside the ONNX file; copy it there")
    }
    contents[location] = found
    return found
  }
}
