import Datasets
import Foundation
import Storage
import TestSupport
import Testing

@Suite("DataFile")
struct DataFileTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("a file is read as it is, decompressed by its name", arguments: ["", ".gz", ".zst"])
  func content(suffix: String) throws {
    let golden = try DatasetGolden.bytes("table.csv")
    #expect(try DataFile.read(DatasetGolden.path("table.csv\(suffix)")) == golden)
    let capital = try folder.write(
      "A.CSV\(suffix.uppercased())", DatasetGolden.bytes("table.csv\(suffix)"))
    #expect(try DataFile.read(capital) == golden)
  }

  @Test("an empty file has no bytes")
  func empty() throws {
    #expect(try DataFile.read(try folder.write("empty", "")).isEmpty)
  }

  @Test("a missing file and a folder are named; so is a pipe that would be read again")
  func notFiles() throws {
    let missing = "\(folder.path)/none.csv"
    #expect(
      datasetError { () throws(DatasetError) in try DataFile.read(missing) }
        == .file(missing, .missing))
    #expect(
      datasetError { () throws(DatasetError) in try DataFile.read(folder.path) }
        == .file(folder.path, .notRegular))
    let pipe = "\(folder.path)/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let reading = DataRequest(
      train: .csv(pipe, labels: [.last]), task: .regression, seed: 1)
    #expect(
      datasetError { () throws(DatasetError) in _ = try reading.load() }
        == .file(pipe, .readAgain))
  }

  @Test("what comes from a pipe is decompressed by what it begins with")
  func piped() throws {
    let pipe = "\(folder.path)/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let packed = try folder.write("a.zst", try Zstd.compress(Array("a,b".utf8).span, level: 3))
    for file in [packed, try folder.write("a", "a,b")] {
      // Waits until somebody reads.
      let writer = try ChildProcess(["sh", "-c", "cat '\(file)' > '\(pipe)'"])
      defer { withExtendedLifetime(writer) {} }
      #expect(try DataFile.read(pipe) == Array("a,b".utf8))
    }
  }

  @Test("size limits hold for the stored and for the unpacked bytes")
  func limits() throws {
    let text = try folder.write("a.csv", "12345")
    #expect(try DataFile.read(text, limit: 5).count == 5)
    #expect(
      datasetError { () throws(DatasetError) in try DataFile.read(text, limit: 4) }
        == .file(text, .tooLarge(bytes: 5, limit: 4)))
    let zeros = [UInt8](repeating: 0, count: 1 << 16)
    let packed = try folder.write("b.csv.zst", try Zstd.compress(zeros.span, level: 3))
    #expect(try DataFile.read(packed, limit: 1 << 16).count == 1 << 16)
    #expect(
      datasetError { () throws(DatasetError) in try DataFile.read(packed, limit: 1 << 15) }
        == .file(packed, .compression(.overLimit(.zstd, limit: 1 << 15))))
  }

  @Test("a truncated .gz and a .zst that is none say so")
  func damaged() throws {
    let packed = try DatasetGolden.bytes("table.csv.gz")
    let cut = try folder.write("cut.csv.gz", Array(packed.dropLast(20)))
    let error = datasetError { () throws(DatasetError) in try DataFile.read(cut) }
    #expect(error == .file(cut, .compression(.truncated(.gzip))))
    #expect(
      error?.description
        == "\(cut): the gzip data is truncated; copy or download the file again")
    let wrong = try folder.write("wrong.csv.zst", packed)
    #expect(
      datasetError { () throws(DatasetError) in try DataFile.read(wrong) }
        == .file(wrong, .compression(.notThisFormat(.zstd))))
  }

  @Test("a data file keeps to the memory that one file may take")
  func allowance() {
    #expect(DataFile.defaultLimit <= MemoryAllowance.perFile)
    #expect(DataFile.defaultLimit <= 8 << 30)
  }
}
