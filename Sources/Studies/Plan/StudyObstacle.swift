import Schedules

/// Why a study cannot be planned: something in it asks for what its data or its networks do not allow.
package struct StudyObstacle: Error, Sendable, Equatable {
  /// What of a study it is about.
  package enum Subject: Sendable, Equatable {
    /// A key at the top, or an element of the list under it.
    case key(String, element: Int? = nil)
    /// A key of `training`.
    case training(String)
    /// A network by its position, or a key of it.
    case model(Int, key: String? = nil)
    /// A data set by its name, or a key of it.
    case dataset(String, key: String? = nil)
  }

  package let subject: Subject
  /// What is wrong and what to do.
  package let reason: String

  package init(_ subject: Subject, _ reason: String) {
    self.subject = subject
    self.reason = reason
  }

  /// The obstacle as one of the file in which `study` stands.
  func error(in file: String, _ study: Field) -> ScheduleError {
    subject.place(in: study).impossible(reason, in: file)
  }
}

extension StudyObstacle.Subject {
  /// Where it stands in `study`, or the nearest that is written of it.
  fileprivate func place(in study: Field) -> Field {
    switch self {
    case .key(let key, let element):
      let place = study.place(of: key)
      return element.map { place.element($0) } ?? place
    case .training(let key):
      return study.place(of: "training").place(of: key)
    case .model(let position, let key):
      let place = study.member("model") ?? study.place(of: "models").element(position)
      return key.map { place.place(of: $0) } ?? place
    case .dataset(let name, let key):
      let place = study.member("data") ?? study.place(of: "datasets").place(of: name)
      return key.map { place.place(of: $0) } ?? place
    }
  }
}
