import Benchmarking
import Foundation
import NumericCore
import Testing

@Suite("Rows of the benchmark")
struct BenchRowTests {
  @Test("Names and networks are those of the peer's list, in its order")
  func peerList() throws {
    let list = try PeerList.load()
    #expect(BenchRow.all.map(\.name) == list.rows.map(\.name))
    for network in BenchNetwork.allCases {
      #expect(list.networks[network.rawValue] == network.widths)
    }
    #expect(list.networks.count == BenchNetwork.allCases.count)
  }

  @Test("A name says family, network, samples and sparsity")
  func names() throws {
    for row in BenchRow.all {
      let parts = row.name.split(separator: "/").map(String.init)
      #expect(parts[0] == row.family.rawValue)
      #expect(parts[1] == row.network.rawValue)
      #expect(parts[2] == (row.family == .ec ? "n" : "b") + "\(row.samples)")
      #expect(parts.count == (row.sparsity > 0 ? 4 : 3))
      if parts.count == 4 { #expect(parts[3] == "s\(row.sparsity)") }
    }
    #expect(Set(BenchRow.all.map(\.family)) == Set(BenchRow.Family.allCases))
  }

  @Test("--only takes a whole name before a part of several")
  func selection() {
    #expect(BenchRow.named("masked/wide/b128/s0.9").map(\.name) == ["masked/wide/b128/s0.9"])
    #expect(BenchRow.named("ec").map(\.name) == ["ec/paper/n8000", "ec/lenet/n8000"])
    #expect(BenchRow.named("lenet/b64").count == 6)
  }

  @Test("nothing is called by an unknown name", arguments: ["train/smal/b32", ""])
  func unknown(name: String) {
    #expect(BenchRow.named(name).isEmpty)
  }

  @Test("Operations of a dense step: three products a layer, two of the first")
  func operations() throws {
    let row = try #require(BenchRow.named("train/small/b32").first)
    let (first, rest) = (64 * 128, 128 * 64 + 64 * 10)
    #expect(row.operations == Double(2 * 32 * (2 * first + 3 * rest)))
    #expect(row.products.count == 8)
  }

  @Test("Operations of a pruned network are those of its survivors")
  func sparseOperations() throws {
    let row = try #require(BenchRow.named("infer/wide/b64/s0.95").first)
    #expect(abs(row.operations / Double(2 * 64 * 3 * 1024 * 1024) - 0.05) < 1e-12)
  }

  @Test("Operations of scores: forward, ten ways back through one hidden layer, two sums")
  func scoringOperations() throws {
    let row = try #require(BenchRow.named("ec/lenet/n8000").first)
    let weights = 784 * 300 + 300 * 100 + 100 * 10
    #expect(row.operations == Double(2 * 8000 * (3 * weights + 10 * 300 * 100)))
  }

  @Test("Every row's work can be done", arguments: BenchRow.all)
  func work(row: BenchRow) throws {
    // Wide networks take seconds to set up in a debug build; their code is that of the others.
    if row.network == .wide || row.family == .ec { return }
    let work = row.prepare(pool: WorkerPool(threadCount: 2))
    try work()
    try work()
  }

  @Test("Masks keep about the wanted share, and the same weights each time")
  func masks() {
    let network = BenchNetwork.small.network(sparsity: 0.9)
    #expect(network == BenchNetwork.small.network(sparsity: 0.9))
    let share = Double(network.remaining) / Double(network.weightCount)
    // Five standard deviations of 17,024 draws.
    #expect(abs(share - 0.1) < 5 * (0.09 / 17_024).squareRoot())
    #expect(BenchNetwork.small.network(sparsity: 0).layers.allSatisfy { $0.mask == nil })
  }
}

/// `Tests/peer-comparison/rows.json`, from which the peers' script takes its rows.
private struct PeerList: Decodable {
  struct Row: Decodable {
    let name: String
    let target: Double
  }

  let networks: [String: [Int]]
  let rows: [Row]

  static func load(from testFile: String = #filePath) throws -> PeerList {
    let tests = URL(filePath: testFile).deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(
      PeerList.self, from: Data(contentsOf: tests.appending(path: "peer-comparison/rows.json")))
  }
}
