import Schedules
import Storage

/// The order in which the classes of data were taken for the outputs of a network whose file does not say
/// it: that of the alphabet, or of the numbers.
package struct ClassOrder: Sendable {
  private let names: [String]

  /// The names in the order in which they were taken.
  package init(_ names: [String]) { self.names = names }

  /// What to tell the user of a run, or a study, that begins with `start` on data of which `facts` are
  /// known; nil where there is nothing to tell.
  package static func note(of start: StartingModel, on facts: DataFacts) -> String? {
    let classes = facts.classes
    // Numbers from 0 are the outputs' own.
    if !start.state.classes.isEmpty || classes == classes.indices.map(String.init) { return nil }
    return ClassOrder(classes).note(file: start.path.written, option: "model.classes")
  }

  /// What to tell the user.
  ///
  /// - Parameters:
  ///   - file: the network's.
  ///   - option: what says another order.
  package func note(file: String, option: String) -> String {
    let most = 20
    let shown = names.prefix(most).map(\.showingInvisible).joined(separator: ", ")
    let more = names.count > most ? ", … (\(names.count) in all)" : ""
    return
      "\(file) does not say its classes; the labels are taken for its outputs in this order: "
      + "\(shown)\(more); where it is another one, say it with \(option)"
  }
}
