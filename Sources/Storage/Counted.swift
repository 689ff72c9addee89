/// A number of things, in the singular where it is one: `1 row`, `2 rows`.
package func counted(_ number: Int, _ one: String, _ several: String? = nil) -> String {
  "\(number) \(number == 1 ? one : several ?? one + "s")"
}
