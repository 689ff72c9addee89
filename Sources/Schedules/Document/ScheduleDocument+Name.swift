extension ScheduleDocument {
  /// The name that a document states, however wrong the rest of it is; nil for none.
  package static func statedName(_ bytes: [UInt8]) -> String? {
    if let root = try? ScheduleDocument(bytes).root {
      guard case .mapping(let entries) = root.content,
        case .scalar(let name, _) = entries.first(where: { $0.key == "name" })?.value.content
      else { return nil }
      return isUsable(name) ? name : nil
    }
    let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .first { $0.hasPrefix("name:") }
    guard let word = line?.dropFirst("name:".count).split(separator: " ").first else { return nil }
    let name = String(word).replacing("\"", with: "")
    return isUsable(name) ? name : nil
  }

  /// Whether a folder can have the name.
  private static func isUsable(_ name: String) -> Bool {
    !name.isEmpty && !name.contains("/") && !name.hasPrefix(".")
  }
}
