import Foundation
import TestSupport
import Testing

/// A workplace with a small schedule of its own name, and programs `crontab` and `systemctl` that keep
/// what they are told in files, so that nothing of the machine is touched.
struct NightPlace {
  let place: Workplace
  /// The schedule's name, which no real job has.
  let name: String

  /// Calls `body` with a new place.
  ///
  /// - Parameters:
  ///   - hasSystemd: whether `systemctl` answers as a systemd that runs.
  ///   - hasCron: whether there is a program `crontab`.
  static func with(
    systemd hasSystemd: Bool = false, cron hasCron: Bool = true, _ body: (NightPlace) throws -> Void
  ) throws {
    try Workplace.with { place in
      let night = NightPlace(place: place, name: "night-\(UUID().uuidString)")
      try SmallRun.write(to: place)
      try night.writeSchedule()
      try FileManager.default.createDirectory(
        atPath: place.file("bin"), withIntermediateDirectories: true)
      if hasCron { try night.write(program: "crontab", crontab) }
      try night.write(
        program: "systemctl",
        """
        echo "$*" >> systemctl.log
        case "$*" in *is-system-running*) echo \(hasSystemd ? "degraded" : "offline"); exit 1 ;; esac
        [ ! -e systemctl.fails ] || { echo "no bus" >&2; exit 1; }
        """)
      try body(night)
    }
  }

  /// Writes the schedule as `file`.
  func writeSchedule(_ file: String = "small.yaml", _ text: String = SmallRun.schedule) throws {
    let nightly = text.replacing("test: 0.2}", with: "test: 0.2, by: content}") + "nightly: {}\n"
    try place.write(nightly.replacing("name: small", with: "name: \(name)"), to: file)
  }

  /// Makes a program of this place's `PATH`; it runs in the place.
  func write(program: String, _ script: String) throws {
    try ScriptFile.write(
      "#!/bin/sh\ncd '\(place.path)' || exit 9\n\(script)\n", to: place.file("bin/\(program)"))
  }

  /// Runs `ecpipe cron` here with nothing but `PATH`, a place for the user's units, and `more`.
  func cron(_ words: String..., environment more: [String: String] = [:]) throws -> Outcome {
    // The machine's own crontab, in /usr/bin, must not stand in.
    let usual = hasCrontab ? ":/usr/bin:/bin" : ""
    let environment = [
      "PATH": place.file("bin") + usual, "XDG_CONFIG_HOME": place.file("config"),
    ]
    return try place.run(["cron"] + words, environment: environment.merging(more) { $1 })
  }

  /// The user's crontab; nil for none.
  var crontab: String? { try? place.text("crontab") }

  /// What `systemctl` was told, but for the question whether it is there.
  var systemctl: [String] {
    ((try? place.text("systemctl.log")) ?? "").split(separator: "\n").map(String.init)
      .filter { !$0.contains("is-system-running") }
  }

  /// Where the user's units are.
  var units: String { "config/systemd/user" }

  private var hasCrontab: Bool {
    FileManager.default.fileExists(atPath: place.file("bin/crontab"))
  }

  private static let crontab = """
    case "$1" in
      -l) [ -e crontab ] || { echo "no crontab for tester" >&2; exit 1; }; cat crontab ;;
      -) echo >> crontab.writes
        [ ! -e crontab.refuses ] || { echo "bad line" >&2; exit 1; }
        cat > crontab.new && mv crontab.new crontab ;;
    esac
    """
}
