import Scheduler

extension BudgetLimit {
  /// The most samples of a call that is timed.
  private static let mostSamples = 4096

  package static var block: Block<BudgetLimit> {
    let weights = Form.integer(1...LayerProfile.maximumWeights)
    let unit = Part<BudgetLimit, BudgetLimit>.exactlyOne({ $0 }) { _ in
      [
        Case(
          "bytes", weights, examples: [400, 500], "Bytes of the compressed rows.",
          wrap: { .resource(.bytes($0)) }
        ) { if case .resource(.bytes(let most)) = $0 { most } else { nil } },
        Case(
          "multiply_adds", weights, examples: [40, 50], "One for each weight.",
          wrap: { .resource(.multiplyAdds($0)) }
        ) { if case .resource(.multiplyAdds(let most)) = $0 { most } else { nil } },
        Case(
          "milliseconds", .number(.positive),
          "What a call takes on this machine; in prune stages alone.",
          wrap: { .time(CallTime(milliseconds: $0, batch: 1)) }
        ) { if case .time(let time) = $0 { time.milliseconds } else { nil } },
      ]
    }
    let batch: Part<BudgetLimit, Int?> = .optional(
      "batch", { if case .time(let time) = $0 { time.batch } else { nil } },
      .integer(1...mostSamples), absent: "1", omitted: true, beside: ["milliseconds": 0.5],
      "Samples of a call; beside milliseconds.")
    return Block(
      "budget limit", "What the network may take.", unit, batch,
      check: { keys, limit, _ in
        guard case .resource(let resource) = limit else { return }
        let unit =
          switch resource {
          case .bytes: "bytes"
          case .multiplyAdds: "multiply_adds"
          }
        keys["batch"]?.report(KeyFault.conflict(with: unit))
      },
      make: { limit, batch in
        guard case .time(let time) = limit, let batch else { return limit }
        return .time(CallTime(milliseconds: time.milliseconds, batch: batch))
      })
  }
}

extension PruningLadder {
  package static var form: Form<PruningLadder> {
    Form.sparsity().list(of: "sparsities", 1...100).map({ rungs, field in
      do throws(BudgetError) {
        return try PruningLadder(rungs)
      } catch {
        field.report(RelationFault.budget(error))
        return nil
      }
    }) { $0.rungs }
  }
}
