import Pipeline
import Storage

/// `run.json`: as it is, and with its digest made right, which a changed byte would otherwise never
/// get past. A manifest that is accepted is written with the same bytes.
func fuzz(_ input: [UInt8]) {
  fuzzManifest(input)
  guard var json = decoded({ try JSONValue(parsing: input) }), json.objectValue != nil else {
    return
  }
  json["sha256"] = nil
  json["sha256"] = .string(Digest.sha256(json.canonicalBytes))
  fuzzManifest(Array(json.readable.utf8))
}

private func fuzzManifest(_ bytes: [UInt8]) {
  guard let manifest = decoded({ try Manifest(bytes: bytes) }) else { return }
  require(manifest.bytes == bytes, "the same bytes from what was read")
  let folder = RunFolder(path: "run")
  for record in manifest.stages {
    require(manifest.record(of: record.key) != nil, "every stage is found by its key")
    if let file = record.file {
      require(FilePaths.folder(of: folder.file(file)) == folder.path, "no file outside the folder")
    }
  }
}
