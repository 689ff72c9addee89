import Engine
import NumericCore

/// Rows of a layer that ranks refit between them, as each of them is told of it.
struct RegressionOrder {
  let regression: RidgeRegression
  let questions: RegressionQuestions
  /// Of each rank.
  let threads: Int

  init(_ regression: RidgeRegression, _ questions: RegressionQuestions, threads: Int) {
    (self.regression, self.questions, self.threads) = (regression, questions, threads)
  }

  init(_ message: inout RankMessage) {
    let covariance = InputCovariance(
      inputs: message.read(), mean: message.readArray(), matrix: message.readArray())
    let moments = RefitMoments(
      covariance: covariance, cross: message.readArray(), targetMean: message.readArray(),
      targetVariance: message.readArray())
    regression = RidgeRegression(moments, ridge: message.read())
    let count = message.read(Int.self)
    let rows = (0..<count).map { _ in
      RidgeRegression.Row(
        unit: message.read(), kept: message.readArray(Int32.self).map { Int($0) },
        weights: message.readArray())
    }
    questions = RegressionQuestions(rows, inputs: covariance.inputs)
    threads = message.read()
  }

  func write(to message: inout RankMessage) {
    let moments = regression.moments
    message.write(moments.covariance.inputs)
    message.write(moments.covariance.mean)
    message.write(moments.covariance.matrix)
    message.write(moments.cross)
    message.write(moments.targetMean)
    message.write(moments.targetVariance)
    message.write(regression.ridge)
    message.write(questions.rows.count)
    for row in questions.rows {
      message.write(row.unit)
      message.write(row.kept.map { Int32($0) })
      message.write(row.weights)
    }
    message.write(threads)
  }
}

extension RidgeRegression {
  /// The answer to every row; ranks that work with `pool` divide the rows where that pays. Where the pool is
  /// abandoned, they are worth nothing.
  package func sharedFits(of rows: [Row], pool: WorkerPool) -> [Fit] {
    let questions = RegressionQuestions(rows, inputs: moments.covariance.inputs)
    let shape = PassShape.regression(
      inputs: moments.covariance.inputs, units: moments.units,
      kept: rows.reduce(0) { $0 + $1.kept.count }, operations: questions.operations)
    guard let group = pool.ranks, group.shares(shape, threads: pool.threadCount) else {
      return fits(of: questions, pool: pool)
    }
    group.give(.regress(RegressionOrder(self, questions, threads: pool.threadCount)))
    return fits(of: questions, among: group.collective, pool: pool)
  }
}
