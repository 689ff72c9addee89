import ModelFiles
import Testing

@Suite("Damaged checkpoints")
struct CheckpointDamageTests {
  @Test(
    "Every byte of a small file that changes is found, whichever of its bits",
    arguments: [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff] as [UInt8])
  func flips(bits: UInt8) throws {
    let file = try encoded(smallContents())
    var missed: [Int] = []
    for position in file.indices {
      var damaged = file
      damaged[position] ^= bits
      do {
        _ = try decoded(damaged)
        missed.append(position)
      } catch is CheckpointError {}
    }
    #expect(missed == [])
  }

  @Test("A byte that changes is found in every kind of entry, and the entry is named")
  func entries() throws {
    let file = try encoded(fullContents())
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    for tensor in header.tensors {
      var damaged = file
      damaged[header.dataStart + tensor.range.upperBound - 5] ^= 0x10
      let error = #expect(throws: CheckpointError.self) { try decoded(damaged) }
      #expect("\(try #require(error))".contains("'\(tensor.name)'"))
    }
  }

  @Test("A file that changes without changing a value is found")
  func unusedBit() throws {
    // Bit 4 of a frame's header means nothing to zstd.
    var file = try encoded(smallContents())
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    file[header.dataStart + 4] ^= 0x10
    #expect(throws: CheckpointError.dataChanged) { try decoded(file) }
  }

  @Test("A header that says the same in other bytes is found")
  func otherHeader() throws {
    let file = try encoded(smallContents())
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    var json = Array(file[8..<header.dataStart])
    json.append(contentsOf: repeatElement(0x20, count: 8))
    let length = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }
    #expect(throws: CheckpointError.headerChanged) {
      try decoded(length + json + file[header.dataStart...])
    }
  }

  @Test("A file cut at any length is found")
  func truncation() throws {
    let file = try encoded(smallContents())
    for length in file.indices {
      #expect(throws: CheckpointError.self) { try decoded(Array(file[..<length])) }
    }
  }

  @Test("A file with something behind its end is found", arguments: [1, 8, 4096])
  func longer(count: Int) throws {
    let file = try encoded(smallContents()) + [UInt8](repeating: 0, count: count)
    #expect(throws: CheckpointError.self) { try decoded(file) }
  }
}
