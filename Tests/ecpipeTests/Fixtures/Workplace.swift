import Foundation
import TestSupport

/// A folder of its own for one test, with the files of a small run.
struct Workplace {
  let path: String

  /// Calls `body` with a new folder that is removed afterwards.
  static func with<Result>(
    _ name: String = "ecpipe", _ body: (Workplace) throws -> Result
  ) throws -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/\(name)-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(Workplace(path: path))
  }

  // MARK: Files

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

  func write(_ bytes: Data, to name: String) throws {
    try bytes.write(to: URL(filePath: file(name)))
  }

  func bytes(_ name: String) throws -> Data {
    guard let bytes = FileManager.default.contents(atPath: file(name)) else {
      throw CocoaError(.fileReadNoSuchFile)
    }
    return bytes
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: file(folder))) ?? []).sorted()
  }

  /// Every file below the folder with its content; links with their target.
  func snapshot() -> [String: Data] {
    var found: [String: Data] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
      if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: file(name)) {
        found[name] = Data("-> \(target)".utf8)
      } else {
        found[name] = FileManager.default.contents(atPath: file(name)) ?? Data("folder".utf8)
      }
    }
    return found
  }

  /// The finished checkpoints of the run called `run`, with their content.
  func checkpoints(of run: String) throws -> [String: Data] {
    let folder = "checkpoints/" + run
    let names = names(in: folder).filter { name in
      name.hasSuffix(".safetensors") && !name.hasPrefix("progress") && !name.hasPrefix("result")
    }
    return Dictionary(
      uniqueKeysWithValues: try names.map { ($0, try bytes(folder + "/" + $0)) })
  }

  // MARK: Programs

  /// Starts `ecpipe` here.
  func start(
    _ arguments: [String], environment: [String: String] = [:], terminal: String? = nil
  ) throws -> RunningProgram {
    try RunningProgram(
      Program.path(), arguments, in: path, environment: environment, terminal: terminal)
  }

  /// Runs `ecpipe` here to its end.
  func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    try start(arguments, environment: environment).outcome()
  }

  /// Runs `ecpipe` here to its end.
  func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
    try start(arguments, environment: environment).outcome()
  }
}
