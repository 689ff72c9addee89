import Storage

/// What a piece of work has taken.
package struct WorkMeasurement: Sendable, Equatable {
  package let seconds: Double
  /// Of what it has made; nil where it makes nothing.
  package let bytes: Int?

  package init(seconds: Double, bytes: Int? = nil) {
    self.seconds = seconds
    self.bytes = bytes
  }
}

/// What pieces of work take on one machine: measured, or read from the cache.
package struct WorkTimes: Sendable, Equatable {
  /// More are not kept: what was not asked for goes first.
  private static let most = 2000

  package let machine: MachineIdentity
  /// By the names of the works.
  private var measurements: [String: WorkMeasurement] = [:]

  package init(_ machine: MachineIdentity) { self.machine = machine }

  package subscript(_ name: String) -> WorkMeasurement? {
    get { measurements[name] }
    set { measurements[name] = newValue }
  }

  package var count: Int { measurements.count }

  /// Lets go of all but those under `names` where there are too many.
  package mutating func trim(to names: Set<String>) {
    guard count > Self.most else { return }
    measurements = measurements.filter { names.contains($0.key) }
  }
}

extension WorkTimes {
  private static let format = 1

  /// The file's content, which carries its own digest.
  package var bytes: [UInt8] {
    var members = JSONObject()
    for (name, own) in measurements {
      members[name] = ["seconds": JSONValue(own.seconds), "bytes": JSONValue(own.bytes)]
    }
    var object = JSONObject()
    object["format"] = JSONValue(Self.format)
    object["machine"] = machine.json
    object["works"] = .object(members)
    return Array((SealedObject.line(of: object) + "\n").utf8)
  }

  /// What a file says of `machine`; nil for one that is damaged, of another format or of another machine.
  package init?(_ bytes: [UInt8], of machine: MachineIdentity) {
    guard let object = SealedObject.object(ofLine: bytes),
      object["format"]?.intValue == Self.format,
      object["machine"] == machine.json, let members = object["works"]?.objectValue
    else { return nil }
    self.init(machine)
    for member in members {
      guard let seconds = member.value["seconds"]?.doubleValue, seconds.isFinite, seconds >= 0
      else { return nil }
      self[member.name] = WorkMeasurement(
        seconds: seconds, bytes: member.value["bytes"]?.intValue)
    }
  }
}
