import Storage

/// What was measured of one cell; nil where it does not apply.
package struct StudyResult: Sendable, Equatable {
  /// On the test part, before fine-tuning; of unpruned, of the dense network.
  package var lossBefore: Double?
  /// On the test part, after fine-tuning.
  package var lossAfter: Double?
  /// Shares of the test part, for classification.
  package var accuracyBefore: Double?
  package var accuracyAfter: Double?
  /// In the units of the target, for one target.
  package var rmseBefore: Double? = nil
  package var rmseAfter: Double? = nil
  package var maeBefore: Double? = nil
  package var maeAfter: Double? = nil
  /// Over all targets, each in its standard deviations, for several.
  package var nrmseBefore: Double? = nil
  package var nrmseAfter: Double? = nil
  /// The mean over the targets, for regression.
  package var r2Before: Double? = nil
  package var r2After: Double? = nil
  /// What a study of another kind than pruning has measured, by the names of the kind's columns and for its
  /// page.
  package var rows: [JSONObject] = []
  /// The wall-clock time it took, with an equal part of what scoring took for several ratios.
  package var seconds: Double

  package init(
    lossBefore: Double? = nil, lossAfter: Double? = nil, accuracyBefore: Double? = nil,
    accuracyAfter: Double? = nil, seconds: Double
  ) {
    self.lossBefore = lossBefore
    self.lossAfter = lossAfter
    self.accuracyBefore = accuracyBefore
    self.accuracyAfter = accuracyAfter
    self.seconds = seconds
  }

  /// The result as a line of the journal has it.
  var json: JSONObject {
    if !rows.isEmpty {
      return ["rows": JSONValue(rows.map { .object($0) }), "seconds": JSONValue(seconds)]
    }
    return [
      "loss_before": JSONValue(lossBefore), "loss_after": JSONValue(lossAfter),
      "accuracy_before": JSONValue(accuracyBefore), "accuracy_after": JSONValue(accuracyAfter),
      "rmse_before": JSONValue(rmseBefore), "rmse_after": JSONValue(rmseAfter),
      "mae_before": JSONValue(maeBefore), "mae_after": JSONValue(maeAfter),
      "nrmse_before": JSONValue(nrmseBefore), "nrmse_after": JSONValue(nrmseAfter),
      "r2_before": JSONValue(r2Before), "r2_after": JSONValue(r2After),
      "seconds": JSONValue(seconds),
    ]
  }

  /// - Throws: `JSONError`.
  init(json: JSONValue) throws(JSONError) {
    if let rows = json["rows"]?.arrayValue {
      self.init(seconds: try json.number(at: "seconds"))
      self.rows = rows.compactMap(\.objectValue)
      return
    }
    self.init(
      lossBefore: try json.value(at: "loss_before").doubleValue,
      lossAfter: try json.value(at: "loss_after").doubleValue,
      accuracyBefore: try json.value(at: "accuracy_before").doubleValue,
      accuracyAfter: try json.value(at: "accuracy_after").doubleValue,
      seconds: try json.number(at: "seconds"))
    rmseBefore = json["rmse_before"]?.doubleValue
    rmseAfter = json["rmse_after"]?.doubleValue
    maeBefore = json["mae_before"]?.doubleValue
    maeAfter = json["mae_after"]?.doubleValue
    nrmseBefore = json["nrmse_before"]?.doubleValue
    nrmseAfter = json["nrmse_after"]?.doubleValue
    r2Before = json["r2_before"]?.doubleValue
    r2After = json["r2_after"]?.doubleValue
  }
}
