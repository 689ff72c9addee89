import Foundation
import Storage
import Testing

/// The built `ecpipe`, beside the test bundle: this process runs from the same folder of products.
enum Program {
  /// The path of the executable.
  ///
  /// - Throws: `ProgramError.notBuilt` when no folder that this process names holds it.
  static func path() throws -> String {
    // The bundle is this process itself, or an argument of the process that loads it.
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let named = CommandLine.arguments.map { URL(filePath: $0).path }
    let folders = ([own].compactMap { $0 } + named).flatMap { path in
      let folder = URL(filePath: path).deletingLastPathComponent()
      return [folder, folder.deletingLastPathComponent()].map(\.path)
    }
    for folder in folders {
      let candidate = folder + "/ecpipe"
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder),
        !isFolder.boolValue, FileManager.default.isExecutableFile(atPath: candidate)
      {
        return candidate
      }
    }
    throw ProgramError.notBuilt(searched: folders)
  }
}

/// Why a program could not be tested.
enum ProgramError: Error {
  case notBuilt(searched: [String])
  case notStarted(code: Int32)
  case tooSlow(arguments: [String], standardError: String)
  case conditionNotMet(String, standardError: String)
  /// It had ended before it could be hit.
  case tooLate
}

/// How a program ended, and what it wrote.
struct Outcome {
  /// The exit code, or 128 and the signal that killed it.
  let code: Int32
  let output: String
  let errors: String
}
