extension DataSettings {
  /// Reports keys of `field`, which says these settings, by which inputs are elsewhere than in the memory of one
  /// process.
  ///
  /// - Parameter work: what has its data there.
  /// - Returns: whether there were none.
  @discardableResult
  package func demandMemory(for work: String, _ field: Field) -> Bool {
    let task = "\(work), whose data are in memory"
    if storage == .file {
      field.member("storage")?.report(RelationFault.notForTask("storage: file", task: task))
    }
    if isSharded {
      field.member("shard")?.report(RelationFault.notForTask("shard: true", task: task))
    }
    return !readsInputs
  }
}
