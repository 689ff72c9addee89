import Datasets
import Foundation
import RunFixtures
import Runs
import Storage
import TestSupport
import Testing

@Suite("DataRecord") struct DataRecordTests {
  private let folder: TemporaryFolder
  private let settings: JSONValue = ["a": 1]

  init() throws { folder = try TemporaryFolder() }

  private func csv(_ name: String, seed: UInt64 = 1) throws -> DataSource {
    try folder.write(RunFixture.table(seed: seed), to: name)
    return .csv(folder.file(name), labels: [.last])
  }

  private func request(
    _ train: DataSource, validation: DataRequest.PartOrigin = .absent,
    test: DataRequest.PartOrigin = .absent
  ) -> DataRequest {
    DataRequest(train: train, validation: validation, test: test, task: .classification, seed: 1)
  }

  @Test("it says what a plan has to know")
  func facts() throws {
    let request = request(
      try csv("a.csv"), validation: .share(.fraction(0.2)), test: .share(.rows(10)))
    let reading = try DataRecord.reading(request, settings: settings)
    let record = reading.record
    #expect(
      record.facts
        == DataFacts(
          digest: Digest.sha256(Digest.sha256(try folder.read("a.csv")) + "\n"), inputs: 5,
          outputs: 3, classes: ["class0", "class1", "class2"], trainingSamples: 38,
          validationSamples: 12, testSamples: 10))
    #expect(reading.parts?.train.count == 38)
    #expect(record.files.map(\.path) == [folder.file("a.csv")])
    var noted = record
    noted.notes = ["a sentence"]
    noted.warnings = ["another"]
    for record in [record, noted] {
      #expect(try DataRecord(json: JSONValue(parsing: record.json.canonical)) == record)
    }
  }

  @Test("it holds until a file looks different")
  func currency() throws {
    let request = request(try csv("a.csv"))
    let path = folder.file("a.csv")
    let record = try DataRecord.reading(request, settings: settings).record
    #expect(record.isCurrent(for: request, settings: settings))
    #expect(!record.isCurrent(for: request, settings: ["a": 2]))
    #expect(
      !record.isCurrent(for: self.request(.csv(path + "2", labels: [.last])), settings: settings))
    let content = try folder.read("a.csv")

    // Another time of change, with the same content.
    let times = [timespec(tv_sec: 1, tv_nsec: 2), timespec(tv_sec: 1, tv_nsec: 2)]
    #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
    #expect(!record.isCurrent(for: request, settings: settings))
    let touched = try DataRecord.reading(request, settings: settings).record
    #expect(touched.facts == record.facts)
    #expect(touched.isCurrent(for: request, settings: settings))

    // Another file of the same size and time.
    try folder.write(content, to: "b.csv")
    #expect(utimensat(AT_FDCWD, folder.file("b.csv"), times, 0) == 0)
    try DurableFile.move(folder.file("b.csv"), to: path)
    #expect(!record.isCurrent(for: request, settings: settings))

    // The same file, longer.
    let other = try DataRecord.reading(request, settings: settings).record
    try DurableFile.append(Array("1,2,3,4,5,class1\n".utf8), to: path)
    #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
    #expect(!other.isCurrent(for: request, settings: settings))

    try DurableFile.remove(path)
    #expect(!other.isCurrent(for: request, settings: settings))
    #expect(throws: DatasetError.self) { try DataRecord.reading(request, settings: settings) }
  }

  @Test("a change right after reading shows, however coarse the file system's clock")
  func quickChange() throws {
    for attempt in 0..<5 {
      let request = request(try csv("a.csv", seed: UInt64(attempt)))
      let record = try DataRecord.reading(request, settings: settings).record
      // In place and of the same size: only the time of change tells.
      var bytes = try folder.read("a.csv")
      bytes.swapAt(bytes.count - 3, bytes.count - 2)
      let handle = try #require(FileHandle(forWritingAtPath: folder.file("a.csv")))
      try handle.write(contentsOf: Data(bytes))
      try handle.close()
      #expect(!record.isCurrent(for: request, settings: settings))
    }
  }

  @Test("which file serves for which part is part of the digest")
  func roles() throws {
    let a = try csv("a.csv", seed: 1)
    let b = try csv("b.csv", seed: 2)
    var records: [DataRecord] = []
    let requests = [
      request(a, validation: .source(a), test: .source(b)),
      request(a, validation: .source(b), test: .source(b)),
      request(a, validation: .source(b), test: .source(a)),
      request(b, validation: .source(a), test: .source(a)),
    ]
    for request in requests {
      records.append(try DataRecord.reading(request, settings: settings).record)
    }
    #expect(Set(records.map(\.facts.digest)).count == 4)
    for (index, record) in records.enumerated() {
      for (other, request) in requests.enumerated() {
        #expect(record.isCurrent(for: request, settings: settings) == (index == other))
      }
    }
  }

  @Test("the digest is of the bytes as stored, wherever they are")
  func digest() throws {
    let record = try DataRecord.reading(request(csv("a.csv")), settings: settings).record
    try FilePaths.makeFolders(folder.file("sub"))
    let moved = try DataRecord.reading(request(csv("sub/b.csv")), settings: settings).record
    #expect(moved.facts == record.facts)
    #expect(moved.files != record.files)
  }
}
