import Datasets
import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Prediction") struct PredictionTests {
  private let pool = WorkerPool(threadCount: 1)

  private func prediction(
    _ fixture: RunFixture, ignoring: [ColumnSelector] = [.last], probabilities: Bool = false
  ) throws -> Prediction {
    Prediction(
      model: try fixture.contents("train").state,
      data: fixture.folder.file("data.csv"),
      columns: ColumnSettings(ignored: ignoring), probabilities: probabilities)
  }

  @Test("raw rows in, a float32 NPY of logits or probabilities out")
  func outputs() throws {
    let fixture = try RunFixture()
    try fixture.run()
    for probabilities in [false, true] {
      let shape = try prediction(fixture, probabilities: probabilities)
        .write(to: NamedFile(fixture.folder.file("out.npy")), as: .npy, pool: pool)
      #expect(shape == (60, 3))
      let bytes = try fixture.folder.read("out.npy")
      #expect(bytes.count == 128 + 60 * 3 * 4)
      let header = String(decoding: bytes[10..<128], as: UTF8.self)
      #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (60, 3), }"))
      let values = bytes[128...].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
      for row in 0..<60 where probabilities {
        #expect(abs(values[3 * row..<3 * row + 3].reduce(0, +) - 1) < 1e-5)
      }
    }
  }

  @Test("columns that do not fit, and probabilities of no classes, are refused; nothing is written")
  func refused() throws {
    let fixture = try RunFixture()
    try fixture.run()
    #expect(throws: DatasetError.self) {
      try prediction(fixture, ignoring: [.last, .name("a")])
        .write(to: NamedFile(fixture.folder.file("out.npy")), as: .npy, pool: pool)
    }
    let narrow = fixture.folder.file("narrow.npy")
    try fixture.folder.write(NPY.bytes(of: .float32(Matrix(rows: 1, columns: 4))), to: "narrow.npy")
    let other = Prediction(
      model: try fixture.contents("train").state, data: narrow, probabilities: false)
    #expect(
      throws: RunFailure.invalid(
        "\(narrow): 4 columns, the model takes 5 inputs; use data with a column for each of them")
    ) {
      try other.write(to: NamedFile(fixture.folder.file("out.npy")), as: .npy, pool: pool)
    }
    var model = try fixture.contents("train").state
    model.classes = []
    let regression = Prediction(
      model: model, data: "none", probabilities: true)
    #expect(
      throws: RunFailure.commandLine(
        "--probabilities: the model is a regression, which has no class probabilities; leave it out"
      )
    ) { try regression.write(to: NamedFile(fixture.folder.file("out.npy")), as: .npy, pool: pool) }
    #expect(!FilePaths.exists(fixture.folder.file("out.npy")))
  }
}
