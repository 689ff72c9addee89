import NeuralNetworks
import Runs
import Schedules
import Storage

/// What a kind of study other than pruning brings: its keys, its cells, and what is made of their results.
///
/// All else is the same for every kind: data, seeds, the dense networks, the folder with its journal and its
/// records, workers, `status`, `show`, `verify`, `plan` and `--quick`. A kind is added by one case of `StudyKind`
/// and its figures by one case in `StudyKind.sections` of the pages.
package protocol StudyExperiment: Sendable {
  static var kind: StudyKind { get }
  /// What such a study asks, in one sentence.
  static var summary: String { get }
  /// Whether the study has the keys `model` and `models`.
  static var takesModels: Bool { get }
  /// Whether the study has the key `train`: each network is trained once for all cells that want it, and kept.
  static var trainsDense: Bool { get }
  /// Whether cells may be left with fewer weights than planned, since whole units go.
  static var plansAtMost: Bool { get }
  /// The columns of the results between `model` and `seed`, by which cells are told apart; that which tells
  /// most comes first.
  static var columns: [String] { get }
  /// The columns of the results behind `seed`: names in the rows that a cell's measurement gives.
  static var measures: [String] { get }

  /// The keys of its own. Names of blocks inside it are no other block's.
  ///
  /// - Parameter context: task, data and `training` of the study, as far as they could be read.
  static func block(in context: StageContext) -> Block<Self>

  /// Reports which data sets and networks of a study are none for this kind, as far as that shows before data are
  /// read.
  static func check(_ datasets: [Placed<DataSettings>], _ models: [Placed<ModelSettings>])

  /// The networks of a kind that does not take `models`; not empty there.
  var models: [ModelSettings] { get }
  /// What `show` says of its settings.
  var lines: [StudyOutline.Line] { get }

  /// All cells of one network: one list each for cells that are next to each other in the results, and measured
  /// by one thread one after the other. There are as many for every seed, in the same order.
  ///
  /// - Throws: what the data, which are known now, or the network make impossible.
  func batches(of network: StudyNetwork) throws(StudyObstacle) -> [[StudyCell]]

  /// What results say, as far as there are any: tables, and the claims that are tested.
  static func findings(_ table: StudyTable) -> StudyFindings
}

extension StudyExperiment {
  package var models: [ModelSettings] { [] }
  package static var plansAtMost: Bool { false }

  /// What is known of its keys.
  static var description: BlockDescription { block(in: .undecided).description }

  /// Reads its keys.
  ///
  /// - Returns: nil where something is wrong; it is reported.
  static func decode(_ keys: KeyedFields, in context: StageContext) -> (any StudyExperiment)? {
    block(in: context).decode(keys)
  }

  /// All its settings, defaults written out.
  package var json: JSONObject { Self.block(in: .undecided).encode(self) }
}

/// An experiment, equal to another one of the same kind and settings.
package struct AnyStudyExperiment: Sendable, Equatable {
  package let value: any StudyExperiment

  package static func == (first: AnyStudyExperiment, second: AnyStudyExperiment) -> Bool {
    type(of: first.value).kind == type(of: second.value).kind
      && first.value.json == second.value.json
  }
}

/// How a cell of such a study is measured.
package protocol StudyMeasurement: Sendable {
  /// Whether it begins with the dense network of its group.
  var needsDense: Bool { get }

  /// Measures.
  ///
  /// - Parameters:
  ///   - dense: the dense network of its group; nil unless it needs one.
  ///   - stages: trainings and measurements as schedules have them, on the study's data.
  /// - Returns: rows of the results, at least one, each with values by the names in `measures`. A name that is no
  ///   measure is kept for the page.
  /// - Throws: `RunFailure`; what `stages.checkStop` throws, which is to be called between pieces of work.
  func rows(from dense: ModelState?, _ stages: StudyStages) throws -> [JSONObject]
}
