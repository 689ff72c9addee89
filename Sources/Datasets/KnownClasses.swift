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

  /// Whether no name is a number.
  var areTexts: Bool { names.allSatisfy { Int128($0) == nil } }

  /// What to tell the user where labels in `file` number these classes.
  func numberingNote(_ file: String) -> String {
    let shown = names.prefix(8).enumerated().map { "\($0) is \(excerpt($1))" }
    return
      "\(file): the labels are numbers, and the classes are texts, so they are taken for the classes in "
      + "their order: \(shown.joined(separator: ", "))\(names.count > 8 ? ", …" : "")"
  }
}
