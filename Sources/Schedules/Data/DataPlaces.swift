import Datasets

/// Where settings of data stand that only the data themselves can show to be wrong.
package struct DataPlaces: Sendable {
  /// Of those that are written.
  private let places: [DataSetting: (position: SourcePosition, path: String)]

  /// The places in the settings of data that `keys` are.
  init(in keys: KeyedFields) {
    var places: [DataSetting: (position: SourcePosition, path: String)] = [:]
    for setting in DataSetting.allCases {
      var field = keys[setting.keys[0]]
      for key in setting.keys.dropFirst() { field = field?.member(key) }
      places[setting] = field.map { ($0.node.position, $0.path) }
    }
    self.places = places
  }

  /// Where `setting` stands in `file`, with its path, as messages begin; nil where it is not written.
  package func text(of setting: DataSetting, in file: String) -> String? {
    places[setting].map { "\(ScheduleError.place($0.position, in: file)): \($0.path)" }
  }
}

extension DataPlaces: Equatable {
  /// Equal settings mean the same wherever they stand.
  package static func == (left: DataPlaces, right: DataPlaces) -> Bool { true }
}
