import Datasets
import Storage

/// The files of one part of the data, with paths as written, or what generates it.
package enum SourceSettings: Sendable, Equatable {
  case csv(WrittenText, labels: [ColumnSelector], format: CSVFormat)
  case idx(images: WrittenText, labels: WrittenText)
  /// NPY files, or entries of NPZ files as `FILE.npz:ENTRY`.
  case npy(inputs: WrittenText, targets: WrittenText)
  case generated(DiffusionSorption)

  /// Reads the value of one of the keys `csv`, `idx`, `npy` and `generate`; nil where something is
  /// wrong.
  init?(decoding field: Field, kind: String, table: TableSettings?, task: LearningTask?) {
    switch kind {
    case "csv":
      guard let path = field.path(), let table else { return nil }
      self = .csv(path, labels: table.labels, format: table.format)
    case "idx":
      guard let (images, labels) = Self.paths("images", "labels", in: field) else { return nil }
      self = .idx(images: images, labels: labels)
    case "generate":
      guard let generator = DiffusionSorption(decoding: field, task: task) else { return nil }
      self = .generated(generator)
    default:
      guard let (inputs, targets) = Self.paths("inputs", "targets", in: field) else { return nil }
      self = .npy(inputs: inputs, targets: targets)
    }
  }

  /// The paths of the files, each as often as it is named.
  package var paths: [WrittenText] {
    switch self {
    case .csv(let path, _, _): [path]
    case .idx(let images, let labels): [images, labels]
    case .npy(let inputs, let targets): [inputs, targets]
    case .generated: []
    }
  }

  private static func paths(
    _ first: String, _ second: String, in field: Field
  ) -> (WrittenText, WrittenText)? {
    guard let keys = field.keys([first, second]) else { return nil }
    let paths = [first, second].map { keys.required($0)?.path() }
    guard let first = paths[0], let second = paths[1] else { return nil }
    return (first, second)
  }

  /// The source with paths relative to `folder`.
  func source(folder: String) -> DataSource {
    func resolved(_ path: WrittenText) -> String { FilePaths.resolve(path.value, in: folder) }
    return switch self {
    case .csv(let path, let labels, let format):
      .csv(resolved(path), labels: labels, format: format)
    case .idx(let images, let labels):
      .idx(images: resolved(images), labels: resolved(labels))
    case .npy(let inputs, let targets):
      .npy(inputs: ArrayFile(resolved(inputs)), targets: ArrayFile(resolved(targets)))
    case .generated(let generator): .generated(generator)
    }
  }

  /// The settings, with the paths as written or without them; an entry of an NPZ file is no path.
  func json(paths: Bool) -> JSONValue {
    func file(_ text: WrittenText) -> JSONValue { paths ? .string(text.written) : .null }
    func array(_ text: WrittenText) -> JSONValue {
      ["entry": JSONValue(ArrayFile(text.value).entry), "file": file(text)]
    }
    switch self {
    case .csv(let path, let labels, let format):
      return [
        "csv": [
          "file": file(path), "label": JSONValue(labels.map(\.json)),
          "header": JSONValue(format.header), "delimiter": .string(format.delimiter.rawValue),
        ]
      ]
    case .idx(let images, let labels):
      return ["idx": ["images": file(images), "labels": file(labels)]]
    case .npy(let inputs, let targets):
      return ["npy": ["inputs": array(inputs), "targets": array(targets)]]
    case .generated(let generator):
      return ["generate": generator.canonical]
    }
  }
}
