import Storage

/// NumPy's files: arrays of their own, or entries of an archive.
struct NumPyFiles: ArrayFormat {
  let name = "npy"
  let summary = "A pair of NPY files, or of entries of NPZ files as `FILE.npz:ENTRY`."
  let roles = ["inputs", "targets"]
  let suffixes = [".npy", ".npz"]

  func path(of reference: String) -> String { ArrayFile(reference).path }

  func json(of reference: String, file: JSONValue) -> JSONValue {
    ["entry": JSONValue(ArrayFile(reference).entry), "file": file]
  }

  func recognizes(_ reference: String, start: [UInt8]) -> Bool {
    ArrayFile(reference).entry != nil || NPYHeader.matches(start) || ZipArchive.matches(start)
  }

  func array(
    _ content: FileContent, of reference: String, role: DatasetError.ArrayRole, limit: Int
  ) throws(DatasetError) -> NumericArray {
    try ArrayFile(reference).array(content, role: role, limit: limit)
  }
}

extension DataSource {
  /// Two NPY files, or entries of NPZ files.
  package static func npy(inputs: ArrayFile, targets: ArrayFile) -> DataSource {
    .files(DataFiles(format: NumPyFiles(), references: [inputs.reference, targets.reference]))
  }
}
