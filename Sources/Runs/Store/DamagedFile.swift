/// How damaged files are called that were set aside: nothing reads them any more.
package enum DamagedFile {
  /// What stands behind the name that a file had; a number may follow.
  package static let ending = ".damaged"
}

extension WorkFolder {
  /// What the damaged file at `path`, in this folder, is called once it is set aside.
  package func unusedPath(forDamaged path: String) -> String {
    unusedPath(path + DamagedFile.ending)
  }
}
