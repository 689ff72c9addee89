import Storage

extension Surroundings {
  /// A machine without variables, on which it is always the same time and there is always space.
  static let still = Surroundings(
    now: { "2026-03-04T05:06:07Z" }, environment: { _ in nil }, freeSpace: { _ in nil })
}
