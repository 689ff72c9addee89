/// The classes that the training part defines, for reading the other parts.
package struct KnownClasses: Sendable, Equatable {
  /// In order: name i belongs to output unit i.
  package let names: [String]
  /// The file that the training part was read from, for messages; nil where it is not known.
  package let training: String?

  package init(names: [String], training: String? = nil) {
    self.names = names
    self.training = training
  }
}
