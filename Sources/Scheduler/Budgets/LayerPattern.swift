/// Selects layers by name: `output`, `hidden*`, `*`, or a list of such.
package struct LayerPattern: Sendable, Equatable {
  /// Names in which `*` stands for any characters, also none, and `?` for exactly one.
  package let globs: [String]

  /// One name or glob.
  package init(_ glob: String) {
    globs = [glob]
  }

  /// Several; a layer is selected if any of them selects it.
  package init(_ globs: [String]) {
    self.globs = globs
  }

  /// Positions of the selected layers in `names`, ascending, each once.
  ///
  /// - Throws: `BudgetError.noSuchLayer` if any of the globs selects nothing.
  package func indices(in names: [String]) throws(BudgetError) -> [Int] {
    var selected = Array(repeating: false, count: names.count)
    for glob in globs {
      var found = false
      for (index, name) in names.enumerated() where Self.matches(glob, name) {
        selected[index] = true
        found = true
      }
      if !found { throw .noSuchLayer(pattern: glob, layers: names) }
    }
    return selected.indices.filter { selected[$0] }
  }

  /// Whether the whole of `name` fits `glob`.
  ///
  /// On a mismatch only the latest `*` has to take one character more, so the time is at most the
  /// product of the two lengths.
  private static func matches(_ glob: String, _ name: String) -> Bool {
    let glob = Array(glob)
    let name = Array(name)
    var (g, n) = (0, 0)
    var star: (after: Int, taken: Int)?
    while n < name.count {
      if g < glob.count, glob[g] == "*" {
        g += 1
        star = (g, n)
      } else if g < glob.count, glob[g] == "?" || glob[g] == name[n] {
        g += 1
        n += 1
      } else if let last = star {
        star = (last.after, last.taken + 1)
        (g, n) = (last.after, last.taken + 1)
      } else {
        return false
      }
    }
    return glob[g...].allSatisfy { $0 == "*" }
  }
}
