/// A number of things, in the singular where it is one: `1 row`, `2 rows`.
package func counted(_ number: Int, _ one: String, _ several: String? = nil) -> String {
  "\(number) \(noun(number, one, several))"
}

/// What a number of things is called.
package func noun(_ number: Int, _ one: String, _ several: String? = nil) -> String {
  number == 1 ? one : several ?? one + "s"
}
