/// A small valid schedule; tests replace parts of it.
package enum SmallSchedule {
  package static let text = """
    version: 1
    name: small
    data: {csv: a.csv, task: classification, split: {validation: 0.2, test: 0.2}}
    model: {hidden: [8, 4]}
    training: {batch: 32}
    stages:
      - train: {epochs: 2}
      - prune: {to: 0.5}
      - evaluate: {part: test}

    """
}
