import Glibc
import Storage
import Subprocess
import SystemPackage

extension Program {
  /// Runs the program to its end.
  ///
  /// It leads a process group of its own. When its time is up, the group gets SIGTERM, and SIGKILL as
  /// soon as the program has ended or `grace` is over, so that nothing that it started goes on, unless
  /// that has left the group. A program that ends in time may leave others behind; nobody waits for
  /// these, nor for what they still write.
  ///
  /// All signals are as the system has them, and no descriptor of this process, such as a lock's, is
  /// open in it. With input, this process ignores SIGPIPE from then on: a program may leave it unread.
  ///
  /// Made with swift-subprocess: it starts programs by `posix_spawn` with all of this, also where
  /// descriptors 0 to 2 are closed, and waits for them without a handler of SIGCHLD. Its limits on
  /// output are errors, and it has none on time; both are added here.
  ///
  /// To be called from a thread that may wait, such as the main one (in tests: `@MainActor`). Where all
  /// the threads that tasks share wait here, none is left for the tasks of swift-subprocess. Where a limit leaves
  /// no room for the stacks of these threads, they are never begun and nobody says so, so that is asked first.
  ///
  /// - Throws: `ProgramError` where it cannot be started, or cannot be ended.
  package func run() throws(ProgramError) -> ProgramOutcome {
    if let lack = Self.lack(of: MemoryAllowance.addressSpaceLeft) {
      throw ProgramError(self, .tooLittleMemory(lack))
    }
    let watch = ProgramWatch(input: input, captured: captured)
    // Somebody waits for it: it does not stand behind the other tasks of the process.
    Task.detached(priority: .high) {
      do throws(ProgramError) {
        watch.finish(.success(try await outcome(watch)))
      } catch {
        watch.finish(.failure(error))
      }
    }
    guard let ending = watch.wait(limit: limit, grace: grace) else {
      throw ProgramError(self, .stuck)
    }
    return try ending.get()
  }

  /// Bytes of address space that the threads of swift-subprocess take, with room to spare.
  private static let addressSpace = 128 << 20

  /// What is missing for these threads where so many bytes are left; nil where a limit leaves enough, or there is
  /// none.
  package static func lack(of left: Int?) -> MemoryLack? {
    MemoryLack(of: Double(addressSpace), present: left)
  }

  /// Starts the program and waits for its end, which `watch` sees to.
  private func outcome(_ watch: ProgramWatch) async throws(ProgramError) -> ProgramOutcome {
    try demandWords()
    // A program may leave its input unread, and nobody dies of that.
    if !input.isEmpty { signal(SIGPIPE, SIG_IGN) }
    var options = PlatformOptions()
    options.processGroupID = 0
    do {
      let result = try await Subprocess.run(
        path.map { .path(FilePath($0)) } ?? .name(name), arguments: Arguments(arguments),
        environment: .custom(
          environment.reduce(into: [:]) { $0[.init(stringLiteral: $1.key)] = $1.value }),
        workingDirectory: folder.map { FilePath($0) }, platformOptions: options,
        input: .inputWriter, output: .sequence, error: .sequence
      ) { await watch.seen(of: $0) }
      let ending: ProgramOutcome.Ending =
        switch result.terminationStatus {
        case .exited(let code): .exited(code)
        case .signaled(let signal): .signaled(signal)
        }
      let seen = result.closureResult
      return ProgramOutcome(
        ending: ending, ranOutOfTime: seen.ranOutOfTime, output: seen.output, errors: seen.errors)
    } catch {
      throw ProgramError(self, reason(of: error))
    }
  }

  /// The path that `name` is; nil for a name that is looked up.
  private var path: String? {
    name.contains("/") ? FilePaths.resolve(name, in: folder ?? ".") : nil
  }

  /// - Throws: `ProgramError` for what no program can be given.
  private func demandWords() throws(ProgramError) {
    let words = [name, folder ?? ""] + arguments + environment.flatMap { [$0, $1] }
    let isWhole = words.allSatisfy { !$0.utf8.contains(0) }
    if !isWhole || name.isEmpty || environment.keys.contains(where: { $0.contains("=") }) {
      throw ProgramError(self, .invalid)
    }
  }

  /// Why the program was not started, after what swift-subprocess throws.
  private func reason(of error: any Error) -> ProgramError.Reason {
    guard let error = error as? SubprocessError else { return .refused(code: EINVAL) }
    if error.code == .failedToChangeWorkingDirectory { return .noFolder }
    let code = error.underlyingError?.rawValue ?? EINVAL
    guard error.code == .executableNotFound else { return .refused(code: code) }
    guard let path, FilePaths.exists(path) else { return .missing }
    if FilePaths.isFolder(path) || access(path, X_OK) != 0 { return .notExecutable }
    return .noInterpreter
  }
}
