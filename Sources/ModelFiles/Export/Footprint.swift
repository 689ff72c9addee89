/// What a model takes in one form that it can be written in.
package struct Footprint: Sendable, Equatable {
  /// The form in one word, for scripts: `safetensors`, `c_int8`.
  package let form: String
  /// For people: `bytes as safetensors`.
  package let title: String
  /// Nil where the form cannot hold the model.
  package let bytes: Int?

  /// What `form` takes.
  package init(form: String, title: String, bytes: Int?) {
    self.form = form
    self.title = title
    self.bytes = bytes
  }
}
