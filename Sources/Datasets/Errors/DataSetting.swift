/// A setting of data that can ask for what the data do not have.
package enum DataSetting: CaseIterable, Sendable {
  case labels
  case inputs
  case ignored
  case split
  case splitColumn
  case validationShare
  case testShare

  /// The keys that lead to it in the settings of data.
  package var keys: [String] {
    switch self {
    case .labels: ["label"]
    case .inputs: ["inputs"]
    case .ignored: ["ignore"]
    case .split: ["split"]
    case .splitColumn: ["split", "by", "column"]
    case .validationShare: ["split", "validation"]
    case .testShare: ["split", "test"]
    }
  }
}

extension DataSetting {
  /// What `read` returns; the error says that this setting has asked for what is not there.
  func selecting<Result>(
    _ read: () throws(DatasetError) -> Result
  ) throws(DatasetError) -> Result {
    do throws(DatasetError) {
      return try read()
    } catch {
      throw .selecting(self, error)
    }
  }
}
