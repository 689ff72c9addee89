import Storage
import Runs

/// What has to hold of every manifest that is read.
func check(_ manifest: Manifest) {
  let bytes = manifest.bytes
  let again = accepted("what is written is read") { try Manifest(bytes: bytes) }
  require(again.bytes == bytes, "the same bytes from what was read")
  let folder = RunFolder(path: "run")
  for record in manifest.stages {
    require(manifest.record(of: record.key) != nil, "every stage is found by its key")
    if let file = record.file {
      require(FilePaths.folder(of: folder.file(file)) == folder.path, "no file outside the folder")
    }
  }
}
