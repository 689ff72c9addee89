import Glibc
import NeuralNetworks
import Reports
import RunFixtures
import Runs
import Storage
import TestSupport
import Testing

@Suite("Logs for others") struct OutsideLogsTests {
  private func row(_ stage: String, _ epoch: Int, loss: Double = 1) -> EpochHistory.Row {
    EpochHistory.Row(
      stage: stage, epoch: epoch, trainingLoss: loss, validation: nil, learningRate: 0.01,
      seconds: Double(epoch))
  }

  @Test("an epoch that comes again takes the place of it and of all behind it")
  func again() {
    var history = EpochHistory()
    for epoch in 1...4 {
      let goesBack = history.add(row("a", epoch))
      #expect(!goesBack)
    }
    history.prune(to: 25, of: 100)
    for epoch in 1...2 { history.add(row("b", epoch)) }
    #expect(history.rows.map(\.sparsity) == [0, 0, 0, 0, 0.75, 0.75])
    history.begin()
    let isAgain = history.add(row("b", 2, loss: 7))
    #expect(isAgain && history.rows.count == 6 && history.rows[5].trainingLoss == 7)
    #expect(history.rows[5].sparsity == 0.75)
    history.begin()
    let isEarlier = history.add(row("a", 3))
    #expect(isEarlier)
    #expect(history.rows.map(\.epoch) == [1, 2, 3] && history.rows[2].sparsity == 0)
  }

  @Test("the log of an interrupted run tells each epoch once")
  func interrupted() throws {
    let fixture = try RunFixture()
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 4) }
    try fixture.run()
    let folder = RunFolder(path: fixture.folder.file("runs/tiny"))
    let rows = EpochHistory(of: folder).rows
    #expect(
      rows.map(\.stage) == ["train", "train", "alternate/01/finetune", "alternate/02/finetune"])
    #expect(rows.map(\.epoch) == [1, 2, 1, 1])
    #expect(rows[0].sparsity == 0 && rows[3].sparsity > rows[2].sparsity)
    #expect(EpochHistory(of: RunFolder(path: fixture.folder.file("none"))).rows.isEmpty)
  }

  @Test("the table goes on with what is there, and is padded")
  func table() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("out/r.csv")
    var rows = [row("a", 1)]
    try EpochTable(path: path).write(rows)
    rows.append(row("a", 2))
    let table = EpochTable(path: path)
    try table.write(rows)
    rows.append(row("b", 1))
    try table.write(rows)
    let lines = try folder.text("out/r.csv").split(separator: "\n").map(String.init)
    #expect(Set(lines.map(\.count)).count == 1)
    func fields(_ line: String) -> [String] {
      line.split(separator: ",").map { String($0.drop { $0 == " " }) }
    }
    #expect(
      fields(lines[0]) == ["epoch", "time", "train/loss", "lr", "sparsity", "stage"])
    #expect(fields(lines[3]) == ["3", "1.000", "1", "0.01", "0", "b"])
    // What was told before stays as it is, and what does not hold any more goes.
    try folder.write(
      lines.joined(separator: "\n").replacing("1.000,", with: "1.234,") + "\n", to: "out/r.csv")
    try EpochTable(path: path).write([rows[0], row("a", 2, loss: 3)])
    let again = try folder.text("out/r.csv").split(separator: "\n").map(String.init)
    #expect(again.count == 3 && fields(again[1])[1] == "1.234" && fields(again[2])[2] == "3")
    #expect(EpochTable(path: path).lastSeconds == 2)
    #expect(EpochTable(path: folder.file("none")).lastSeconds == 0)
  }

  @Test("what is no such table is left alone: a file of somebody's, a pipe")
  func taken() throws {
    let folder = try TemporaryFolder()
    try folder.write("epoch,time\n1,2\n", to: "data.csv")
    let pipe = folder.file("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    for path in [folder.file("data.csv"), pipe] {
      #expect(throws: EpochTable.Taken.self) {
        try EpochTable(path: path).write([row("a", 1)])
      }
    }
    #expect(try folder.text("data.csv") == "epoch,time\n1,2\n")
    var status = stat()
    #expect(lstat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
  }

  @Test("the check of records is Castagnoli's (RFC 3720, appendix B.4)")
  func check() {
    #expect(CRC32C.checksum(of: Array("123456789".utf8)) == 0xe306_9283)
    #expect(CRC32C.checksum(of: [UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(CRC32C.checksum(of: []) == 0)
  }
}
