import Programs

/// Calls to a check in healthchecks.io's manner: `/start`, `/fail`, `/EXITCODE`, with an id by which the
/// calls of one night belong together. Made by curl, which reads the address from its standard input, so
/// that no list of processes shows it.
struct Ping {
  private let address: String
  private let limit: Duration
  private let environment: [String: String]
  private let id: String

  init(address: String, limit: Duration, environment: [String: String]) {
    self.address = address
    self.limit = limit
    self.environment = environment
    var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
    // Version 4 and its variant (RFC 9562).
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    id = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }.joined(separator: "-")
  }

  /// - Returns: what went wrong; nil for nothing.
  func start() -> String? { call("start", text: "") }

  /// - Parameter text: goes with it.
  /// - Returns: what went wrong; nil for nothing.
  func end(_ report: NightReport, text: String) -> String? {
    switch report.state {
    case .failed, .interrupted: call("fail", text: "exit \(report.exitCode): \(text)")
    case .promoted, .kept, .refused, .undecided: call("\(report.exitCode)", text: text)
    }
  }

  /// The address of one call: the path is added before what stands behind a question mark.
  private func url(_ path: String) -> String {
    let parts = address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var base = parts[0]
    while base.hasSuffix("/") { base.removeLast() }
    let query = (parts.dropFirst().map(String.init) + ["rid=\(id)"]).joined(separator: "&")
    return base + "/" + path + "?" + query
  }

  private func call(_ path: String, text: String) -> String? {
    let seconds = max(1, limit.components.seconds)
    let program = Curl.program(
      [
        .value("url", url(path)), .value("data", text), .value("max-time", "\(seconds)"),
        .flag("fail"), .flag("silent"), .flag("show-error"), .value("output", "/dev/null"),
      ], environment: environment, limit: limit + .seconds(2))
    do {
      let outcome = try program.run()
      if outcome.isSuccess { return nil }
      if case .exited(let code) = outcome.ending { return "curl ended with exit code \(code)" }
      return "curl did not end in time"
    } catch {
      return "\(error); install curl, or leave monitor.ping out"
    }
  }
}
