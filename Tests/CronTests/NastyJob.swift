import Cron
import Testing

/// Names that a line could stumble over, and a job with them.
enum NastyJob {
  /// Names of files.
  static let names = [
    "plain", "two words", "it's", "\"quoted\"", "100%", "%", "%%d", "$HOME", "${HOME}", "$(id)",
    "`id`", "back\\slash", "\\\\two", "ends\\", "a\\%b", "\\'", "'\\\"%$", "#no comment", "~", "*",
    "a;b&&c|d>e<f", "é ü 漢", "!x", "=x", "-x", "%%n\\x41",
  ]

  /// A job all of whose paths have `name` in them.
  static func job(_ name: String, in folder: String = "/srv") throws -> NightlyJob {
    try NightlyJob(
      name: "digits", at: #require(TimeOfDay("02:30")), program: "\(folder)/\(name)/ecpipe",
      schedule: "\(folder)/\(name)/digits.yaml", checkpoints: "\(folder)/\(name)/checkpoints",
      path: "/usr/bin:/bin", language: "C.UTF-8")
  }
}
