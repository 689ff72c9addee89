import Storage

/// Who is told of a night besides its log.
///
///     monitor: {textfile: /var/lib/node_exporter/ecpipe.prom, ping: "${PING_URL}"}
package struct MonitorSettings: Sendable, Equatable {
  /// The file for Prometheus's textfile collector, relative to the schedule's folder; nil for none.
  package let textfile: WrittenText?
  /// The address of a check as healthchecks.io has them; nil for none. It is a secret.
  package let ping: WrittenText?
  /// How long a ping may take.
  package let timeout: Duration

  /// Nobody.
  package static let none = MonitorSettings(textfile: nil, ping: nil, timeout: .seconds(10))

  package static var block: Block<MonitorSettings> {
    let ping: Part<MonitorSettings, WrittenText?> = .optional(
      "ping", \.ping, address, absent: "none", changesResult: false,
      examples: ["https://hc.example/4f1c", "https://hc.example/9a2b"],
      "The address of a check in healthchecks.io's manner: `/start`, the exit code, `/fail` are "
        + "appended. It is shown nowhere.")
    return Block(
      "monitor", "Who is told of a night besides its log. One that fails is a warning.",
      .optional(
        "textfile", \.textfile, .path(), absent: "none", changesResult: false,
        "A file for Prometheus's textfile collector, written aside and renamed."),
      ping,
      .setting(
        "timeout", \.timeout, .duration(), default: none.timeout, changesResult: false,
        "How long a ping may take."),
      make: MonitorSettings.init)
  }

  /// An address; only where it comes out of the environment is written.
  private static var address: Form<WrittenText> {
    Form(.text("an http or https address")) { field in
      guard let text = field.string("an address", mayLackVariable: true) else { return nil }
      if text.lack != nil { return text }
      let isAddress = ["http://", "https://"].contains { text.value.hasPrefix($0) }
      guard isAddress, text.value.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
        field.report(.outOfRange("this text", allowed: "http and https addresses"))
        return nil
      }
      return text
    } write: {
      .string(HiddenAddress.masked($0.written))
    }
  }
}
