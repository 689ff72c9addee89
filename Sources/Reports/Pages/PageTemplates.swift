import Mustache

/// The templates of pages, which are part of the program.
enum PageTemplates {
  private static let library: MustacheLibrary = {
    var library = MustacheLibrary()
    let texts = [
      ("page", PackageResources.page_mustache), ("section", PackageResources.section_mustache),
      ("figure", PackageResources.figure_mustache),
      ("legend", PackageResources.legend_mustache), ("table", PackageResources.table_mustache),
    ]
    for (name, bytes) in texts {
      do {
        try library.register(String(decoding: bytes, as: UTF8.self), named: name)
      } catch {
        preconditionFailure("\(name).mustache: \(error)")
      }
    }
    return library
  }()

  /// A page with what `context` says in place of the template's names.
  static func page(_ context: [String: Any]) -> String {
    guard let text = library.render(context, withTemplate: "page") else {
      preconditionFailure("there is a template of pages")
    }
    return text
  }
}
