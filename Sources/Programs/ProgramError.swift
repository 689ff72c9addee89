import Glibc
import Storage

/// A program that could not be started, or not be ended.
package struct ProgramError: Error, Equatable {
  /// Why not.
  package enum Reason: Sendable, Equatable {
    /// There is none of that name.
    case missing
    /// What stands there is no program, or not for this user.
    case notExecutable
    /// It is a script, and the program that its first line names is not there.
    case noInterpreter
    /// The folder that it is to run in is not there, or not for this user.
    case noFolder
    /// Something that it was given holds a null byte, or a variable's name an `=`.
    case invalid
    /// It was killed, and did not end: it waits for a disk or a server that does not answer.
    case stuck
    /// A limit on this process's address space leaves no room for the threads that start and watch it.
    case tooLittleMemory(MemoryLack)
    /// The system refused, with this error number.
    case refused(code: Int32)
  }

  /// The program's name, as it was given.
  package let name: String
  package let reason: Reason
  private let searched: String?
  private let folder: String?

  init(_ program: Program, _ reason: Reason) {
    (name, self.reason, folder) = (program.name, reason, program.folder)
    searched = program.name.contains("/") ? nil : program.environment["PATH"]
  }

  /// Whether the program, its interpreter or its folder is not there.
  package var isMissing: Bool {
    switch reason {
    case .missing, .notExecutable, .noInterpreter, .noFolder: true
    case .invalid, .stuck, .tooLittleMemory, .refused: false
    }
  }
}

extension ProgramError: CustomStringConvertible {
  package var description: String {
    switch reason {
    case .missing:
      searched.map { "\(name): there is no such program in PATH (\($0))" }
        ?? "\(name): there is no such program"
    case .notExecutable: "\(name): this is not a program that may be run; see chmod +x"
    case .noInterpreter: "\(name): the program that its first line (#!) names is not there"
    case .noFolder: "\(name): the folder \(folder ?? ".") that it is to run in cannot be entered"
    case .invalid:
      "\(name): a program, its words and its variables hold no null byte, and names of variables no ="
    case .stuck: "\(name): its time was up, it was killed, and it did not end"
    case .tooLittleMemory(let lack): "\(name): starting a program \(lack)"
    case .refused(let code): "\(name): cannot be started: \(String(cString: strerror(code)))"
    }
  }
}
