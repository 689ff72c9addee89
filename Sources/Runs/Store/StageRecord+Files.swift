import Storage

extension StageRecord {
  /// Whether the checkpoint's file is there with its recorded size.
  package func isPresent(in folder: RunFolder) -> Bool {
    guard let file, let bytes else { return false }
    return FilePaths.size(of: folder.file(file)) == bytes
  }

  /// Whether the record names a file that is not there with its recorded size; a checkpoint that was
  /// let go is not missed.
  package func isDamaged(in folder: RunFolder) -> Bool {
    kind.changesModel && file != nil && !isPresent(in: folder)
  }
}
