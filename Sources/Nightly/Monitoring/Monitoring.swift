import Programs
import Schedules
import Storage

/// Tells others of a night: commands, a check's address, Prometheus. What fails here is a warning, but for
/// the command `before`, without which the night does not begin.
package struct Monitoring {
  private let settings: NightlySettings
  private let secrets: Secrets
  /// The folder that the schedule lies in, where commands run.
  private let folder: String
  private let environment: [String: String]
  private let say: (String) -> Void
  private let ping: Ping?

  /// - Parameters:
  ///   - folder: the schedule's.
  ///   - environment: what commands get.
  ///   - say: takes sentences for the log.
  package init(
    _ settings: NightlySettings, folder: String, environment: [String: String],
    say: @escaping (String) -> Void
  ) {
    self.settings = settings
    self.folder = folder
    self.environment = environment
    self.say = say
    secrets = Secrets(settings)
    ping = settings.monitor.ping.map {
      Ping(address: $0.value, limit: settings.monitor.timeout, environment: environment)
    }
  }

  /// Before anything.
  ///
  /// - Throws: `NightFailure.hookFailed`.
  package func begin(_ report: NightReport, json: JSONValue) throws(NightFailure) {
    warn("ping", ping?.start())
    guard let hook = settings.hooks.hooks[.before] else { return }
    if let problem = call(hook, report, json) {
      throw .hookFailed(secrets.hidden(in: problem))
    }
  }

  /// At the end of a night that came to `report`.
  ///
  /// - Parameter lastSuccess: when a night last came to a network, ISO 8601; nil for never.
  package func end(_ report: NightReport, json: JSONValue, lastSuccess: String?) {
    for moment in moments(of: report.state) { call(moment, report, json) }
    warn("ping", ping?.end(report, text: secrets.hidden(in: report.reason)))
    guard let file = settings.monitor.textfile else { return }
    do {
      let path = FilePaths.resolve(file.value, in: folder)
      try DurableFile.write(
        Array(Textfile(report, lastSuccess: lastSuccess).text.utf8), to: path)
    } catch {
      warn("textfile", "\(error)")
    }
  }

  /// After somebody has put a network into service by hand, which is no night: the command `promoted` alone.
  func promotedByHand(_ report: NightReport, json: JSONValue) { call(.promoted, report, json) }

  private func call(_ moment: HookSettings.Moment, _ report: NightReport, _ json: JSONValue) {
    guard let hook = settings.hooks.hooks[moment], hook.states.contains(report.state) else {
      return
    }
    warn("hooks: \(moment.rawValue)", call(hook, report, json))
  }

  /// The commands that belong to how the night ended, in the order of their calls.
  private func moments(of state: HookSettings.State) -> [HookSettings.Moment] {
    switch state {
    case .promoted: [.promoted, .after]
    case .refused, .undecided: [.refused, .after]
    case .failed: [.error, .after]
    case .kept, .interrupted: [.after]
    }
  }

  private func warn(_ what: String, _ problem: String?) {
    if let problem { say(secrets.hidden(in: "warning: \(what): \(problem)")) }
  }

  /// Calls a command with the report on its standard input.
  ///
  /// - Returns: what went wrong; nil for nothing.
  private func call(
    _ hook: HookSettings.Hook, _ report: NightReport, _ json: JSONValue
  ) -> String? {
    let values = [
      "name": report.name, "night": report.night ?? "", "state": report.state.rawValue,
      "reason": report.reason, "champion": report.champion ?? "", "log": report.log,
    ]
    let words = hook.command.enumerated().map { index, word in
      index == 0 ? word.value : filled(word.value, values)
    }
    let program = Program(
      words[0], Array(words.dropFirst()), environment: environment, folder: folder,
      input: Array((json.canonical + "\n").utf8), limit: hook.timeout)
    do {
      let outcome = try program.run()
      if outcome.isSuccess { return nil }
      if outcome.ranOutOfTime {
        return "it took longer than \(hook.timeout.components.seconds) s"
      }
      let text = String(decoding: outcome.errors.prefix(1000), as: UTF8.self)
      let said = text.split(separator: "\n").last.map { ": \($0)" } ?? ""
      switch outcome.ending {
      case .exited(let code): return "it ended with exit code \(code)\(said)"
      case .signaled(let signal): return "it was ended by signal \(signal)"
      }
    } catch {
      return "\(error)"
    }
  }

  /// `word` with `{name}` and the like replaced; what is put in is not read again.
  private func filled(_ word: String, _ values: [String: String]) -> String {
    var result = ""
    var rest = Substring(word)
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      rest = rest[open...]
      guard let close = rest.firstIndex(of: "}"),
        let value = values[String(rest[rest.index(after: open)..<close])]
      else {
        result.append(rest.removeFirst())
        continue
      }
      result += value
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}
