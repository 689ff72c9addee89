import Runs
import Storage

extension ReceptiveFieldsExperiment {
  package static func findings(_ table: StudyTable) -> StudyFindings {
    let networks = FieldResults.networks(of: table)
    return StudyFindings(
      tables: networks.map(\.lastRoundTable),
      answers: networks.flatMap { FieldClaims(results: $0).answers })
  }
}

extension FieldResults {
  /// What is left in the last round, means and standard errors over the seeds.
  var lastRoundTable: StudyFindings.Table {
    let measures = [
      ("accuracy", "accuracy"), ("first layer's density", "first_density"), ("units", "units"),
      ("pixels", "pixels"), ("participation", "participation"), ("spread", "spread"),
      ("spread among read", "spread_among_read"), ("kurtosis", "kurtosis"),
    ]
    var table = StudyFindings.Table(
      "\(title) in round \(lastRound)", ["inputs, criterion"] + measures.map(\.0))
    for way in ways {
      table.add(
        [way.title]
          + measures.map { measure in
            let values = values(measure.1, way, round: lastRound)
            return values.isEmpty ? "" : FieldDifference.text(Summary(values))
          })
    }
    return table
  }
}
