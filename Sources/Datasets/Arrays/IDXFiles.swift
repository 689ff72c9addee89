/// The files of the MNIST data set and its like.
struct IDXFiles: ArrayFormat {
  let name = "idx"
  let summary = "A pair of IDX files."
  let roles = ["images", "labels"]

  /// No text and no archive begins with a zero byte.
  func recognizes(_ reference: String, start: [UInt8]) -> Bool {
    start.first == 0 && ArrayFile(reference).entry == nil
  }

  func array(
    _ content: FileContent, of reference: String, role: DatasetError.ArrayRole, limit: Int
  ) throws(DatasetError) -> NumericArray {
    try IDX.array(content, file: reference)
  }
}

extension DataSource {
  /// Paths of IDX files.
  package static func idx(images: String, labels: String) -> DataSource {
    .files(DataFiles(format: IDXFiles(), references: [images, labels]))
  }
}
