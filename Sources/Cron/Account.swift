import Glibc
import Storage

/// Who installs a job, and what the programs that are called for it have to know of the environment.
package struct Account: Sendable, Equatable {
  /// Whether it is the system's administrator.
  package let isRoot: Bool
  /// The user's name.
  package let name: String
  /// Where the user's files are.
  package let home: String
  /// Where the units of the user's own systemd are.
  package let unitFolder: String
  /// For `crontab` and `systemctl`, whose messages have to be those that are known here.
  let variables: [String: String]

  /// The calling user's.
  ///
  /// - Parameter variable: the value of an environment variable. None has to be set: the password
  ///   database stands in for `HOME`.
  package init(variable: (String) -> String?) {
    let names = ["HOME", "XDG_CONFIG_HOME", "PATH", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"]
    let given = names.reduce(into: [String: String]()) { given, name in
      if let value = variable(name), !value.isEmpty { given[name] = value }
    }
    let user = geteuid()
    let entry = getpwuid(user)?.pointee
    isRoot = user == 0
    name = entry.map { String(cString: $0.pw_name) } ?? "\(user)"
    home = given["HOME"] ?? entry.map { String(cString: $0.pw_dir) } ?? "/"
    // Relative ones are to be ignored, says the specification of these folders.
    let configuration = given["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    unitFolder = (configuration ?? home + "/.config") + "/systemd/user"
    var variables = [
      "HOME": home, "LC_ALL": "C", "LOGNAME": name, "USER": name,
      "PATH": given["PATH"] ?? NightlyJob.standardPath,
    ]
    // Where a user's systemd listens.
    variables["XDG_RUNTIME_DIR"] =
      given["XDG_RUNTIME_DIR"]
      ?? (FilePaths.isFolder("/run/user/\(user)") ? "/run/user/\(user)" : nil)
    variables["DBUS_SESSION_BUS_ADDRESS"] = given["DBUS_SESSION_BUS_ADDRESS"]
    self.variables = variables
  }

  /// Whether the user's systemd runs without the user being logged in.
  package var lingers: Bool { FilePaths.exists("/var/lib/systemd/linger/" + name) }
}
