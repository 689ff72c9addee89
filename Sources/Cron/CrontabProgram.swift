import Programs

/// The program `crontab`, which reads and replaces the calling user's crontab.
package struct CrontabProgram: Sendable {
  private let account: Account

  package init(_ account: Account) { self.account = account }

  /// The crontab; an empty one where there is none.
  ///
  /// - Throws: `CronError`, `ProgramError`.
  package func read() throws -> Crontab {
    let outcome = try run(["-l"], input: [])
    if outcome.isSuccess {
      if outcome.output.count == Self.limit { throw CronError.hugeCrontab }
      return try Crontab(outcome.output)
    }
    if outcome.ending == .exited(1), outcome.output.isEmpty,
      outcome.errorText.contains("no crontab for")
    {
      return try Crontab()
    }
    throw CronError.failed(
      command: "crontab -l", said: outcome.complaint, state: "nothing was changed")
  }

  /// Makes `bytes` the crontab, and looks whether it is.
  ///
  /// - Parameter former: what it was.
  /// - Throws: `CronError`, `ProgramError`.
  package func write(_ bytes: [UInt8], over former: Crontab) throws {
    if bytes == former.bytes { return }
    let outcome = try run(["-"], input: bytes)
    guard outcome.isSuccess else {
      throw CronError.failed(
        command: "crontab -", said: outcome.complaint, state: "the crontab is as it was")
    }
    // One with nothing in it may be no crontab at all.
    guard try read().bytes == bytes else {
      throw CronError.failed(
        command: "crontab -",
        said: "it said that all is well, and left another crontab than it got",
        state: "look at it with crontab -l")
    }
  }

  private static let limit = 8 << 20

  private func run(_ words: [String], input: [UInt8]) throws -> ProgramOutcome {
    var program = Program(
      "crontab", words, environment: account.variables, input: input, limit: .seconds(30))
    program.captured = Self.limit
    do throws(ProgramError) {
      return try program.run()
    } catch {
      guard error.reason == .missing else { throw error }
      throw CronError.missingProgram(
        "crontab",
        instead: "install cron (apt-get install cron), or have systemd start the job: --systemd")
    }
  }
}

extension ProgramOutcome {
  /// What the program said of what went wrong, in a line.
  var complaint: String {
    let text = ranOutOfTime ? "it did not end in time; \(errorText)" : errorText
    return text.split(whereSeparator: \.isNewline).joined(separator: "; ")
  }
}
