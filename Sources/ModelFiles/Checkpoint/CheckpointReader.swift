import Storage

/// Reads checkpoints in one folder: a file that tells only what has changed since another one is read
/// together with that one, and so on down to a whole one.
package struct CheckpointReader {
  private let folder: String
  private let listed: (String) -> String?

  /// - Parameters:
  ///   - folder: where the checkpoints lie that others build on.
  ///   - listed: the name of the file under a key, where it is known; others are looked for.
  package init(folder: String, listed: @escaping (String) -> String? = { _ in nil }) {
    self.folder = folder
    self.listed = listed
  }

  /// What the file of which `bytes` are the content holds.
  ///
  /// - Throws: `CheckpointError`; `.missingBase` where a file that it builds on is not in the folder,
  ///   or is not the one it was.
  package func contents(of bytes: [UInt8]) throws(CheckpointError) -> CheckpointContents {
    var files = [bytes]
    var identities: [CheckpointIdentity] = []
    while let wanted = try summary(of: files[files.count - 1]).base {
      // Each names a shorter chain than the one above it, so there is an end.
      guard wanted.chain < identities.last?.chain ?? .max else {
        throw .missingBase(key: wanted.key)
      }
      files.append(try file(of: wanted))
      identities.append(wanted)
    }
    var base: CheckpointBase?
    while let identity = identities.popLast(), let file = files.popLast() {
      let contents: CheckpointContents
      do throws(CheckpointError) {
        contents = try decode(file, base: base)
      } catch .container, .frame, .contentChanged, .dataChanged, .headerChanged {
        throw .missingBase(key: identity.key)
      }
      base = CheckpointBase(identity: identity, state: contents.state)
    }
    return try decode(bytes, base: base)
  }

  /// What the header of `bytes` says.
  package func summary(of bytes: [UInt8]) throws(CheckpointError) -> CheckpointSummary {
    try CheckpointSummary(
      fileStart: bytes, fileSize: bytes.count, digest: { Digest.sha256($0) })
  }

  private func decode(
    _ bytes: [UInt8], base: CheckpointBase?
  ) throws(CheckpointError) -> CheckpointContents {
    try Checkpoint.decode(bytes, base: base, digest: { Digest.sha256($0) })
  }

  /// The file in the folder that is the checkpoint `wanted`.
  private func file(of wanted: CheckpointIdentity) throws(CheckpointError) -> [UInt8] {
    if let name = listed(wanted.key), let bytes = file(name, wanted) { return bytes }
    let ending = CheckpointName.ending(key: wanted.key)
    // Also where it was renamed, because another one is to take its place.
    for name in FilePaths.entries(of: folder)
    where name.hasSuffix(ending) || name.contains(ending + CheckpointName.replaced) {
      if let bytes = file(name, wanted) { return bytes }
    }
    throw .missingBase(key: wanted.key)
  }

  /// The file `name` where it is the checkpoint `wanted`.
  private func file(_ name: String, _ wanted: CheckpointIdentity) -> [UInt8]? {
    let path = FilePaths.resolve(name, in: folder)
    guard FilePaths.size(of: path) != nil, let bytes = try? FilePaths.read(path),
      let summary = try? summary(of: bytes), summary.identity == wanted
    else { return nil }
    return bytes
  }
}
