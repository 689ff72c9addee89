import NeuralNetworks
import RunFixtures
import Runs
import Storage
import Testing

@Suite("StageRecord") struct StageRecordTests {
  @Test("metrics as JSON: only what there is")
  func metrics() throws {
    for (metrics, text) in [
      (Metrics(loss: 0.5, accuracy: 0.25), #"{"accuracy":0.25,"loss":0.5}"#),
      (
        Metrics(loss: 0.5, targets: [.init(rmse: 2, mae: 1.5, r2: -1)]),
        #"{"loss":0.5,"mae":1.5,"r2":-1.0,"rmse":2.0}"#
      ),
      (
        Metrics(
          loss: 0.5,
          targets: [.init(name: "a", rmse: 2, mae: 1, r2: 0.5), .init(rmse: 4, mae: 2, r2: nil)]),
        #"{"loss":0.5,"nrmse":0.7071067811865476,"r2":0.5,"targets":["#
          + #"{"mae":1.0,"name":"a","r2":0.5,"rmse":2.0},"#
          + #"{"mae":2.0,"name":null,"r2":null,"rmse":4.0}]}"#
      ),
      (Metrics(loss: 0.5), #"{"loss":0.5}"#),
    ] {
      #expect(metrics.json.canonical == text)
      #expect(try Metrics(json: metrics.json) == metrics)
    }
    let parts = [
      PartMetrics(part: "validation", metrics: Metrics(loss: 1)),
      PartMetrics(part: "test", metrics: Metrics(loss: 2)),
    ]
    #expect(
      PartMetrics.json(parts).canonical == #"{"test":{"loss":2.0},"validation":{"loss":1.0}}"#)
  }

  @Test("a member that is missing or of another kind is named")
  func missing() throws {
    let fixture = try RunFixture(RunFixture.head + "stages: [train: {epochs: 1}]")
    let record = try fixture.run().manifest.stages[0]
    let json = record.json
    #expect(try StageRecord(json: json) == record)
    for name in try #require(json.objectValue?.names) {
      var damaged = json
      damaged[name] = nil
      let missing = try #require(throws: JSONError.self) { try StageRecord(json: damaged) }
      #expect("\(missing)".contains(name))
    }
    for name in ["kind", "name", "weights", "layers", "metrics", "sparsity"] {
      var damaged = json
      damaged[name] = .bool(true)
      let wrong = try #require(throws: JSONError.self) { try StageRecord(json: damaged) }
      #expect("\(wrong)".contains(name))
    }
  }
}
