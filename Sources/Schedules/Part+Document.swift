import Storage

/// The keys that schedules and studies have in common.
extension Part {
  /// The version of the grammar, 1.
  package static func version() -> Part where Value == Int {
    let form = Form<Int>(.integer(1...1)) { field in
      guard let version = Form.integer(0...Int.max).read(field) else { return nil }
      guard version == 1 else {
        field.report(
          .outOfRange("\(version)", allowed: "1, the only version of the grammar so far"))
        return nil
      }
      return version
    } write: {
      JSONValue($0)
    }
    return .setting("version", { _ in 1 }, form, changesResult: false, "Of the grammar.")
  }

  /// A name that a folder can have, beside files such as `NAME.lock`.
  package static func name(_ get: @escaping (Root) -> String) -> Part where Value == String {
    let form = Form<String>(.text("a name without blanks and slashes")) { field in
      guard let name = field.string()?.value else { return nil }
      let isUsable =
        (1...64).contains(name.utf8.count) && !name.hasSuffix(".lock")
        && !name.hasPrefix(".") && !name.hasPrefix("-")
        && name.unicodeScalars.allSatisfy {
          $0 != "/" && !$0.properties.isWhitespace && !$0.isInvisible
        }
      guard isUsable else {
        field.report(.unusableName(name))
        return nil
      }
      return name
    } write: {
      .string($0)
    }
    return .setting("name", get, form, changesResult: false, "Of the folder for what comes out.")
  }

  /// What holds for every stage that trains, on `data` as far as they could be read.
  package static func training(
    _ get: @escaping (Root) -> TrainingOptions, of data: DataSettings?
  ) -> Part where Value == TrainingOptions {
    let defaults = TrainingOptions.defaults(for: data?.task ?? .classification)
    let block = TrainingOptions.block(
      over: defaults, task: data?.task, hasValidation: data?.has(.validation))
    return .setting(
      "training", get, .block(block), default: defaults, said: "its defaults",
      "What holds for every stage that trains.")
  }
}
