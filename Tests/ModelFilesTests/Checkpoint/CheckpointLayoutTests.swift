import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage
import Testing

/// The format as others would read it: taken apart by hand, with nothing of ours but zstd.
@Suite("Checkpoints read by others")
struct CheckpointLayoutTests {
  @Test("Length, header, entries and bytes lie where the safetensors format puts them")
  func byHand() throws {
    var mask = Mask(rows: 2, columns: 5)
    for index in [0, 3, 4, 9] { mask.remove(index) }
    let layer = DenseLayer(
      name: "output", weights: Matrix(rows: 2, columns: 5, (0..<10).map { Float($0) + 0.5 }),
      bias: [-1, 2], activation: .identity, mask: mask)
    let contents = CheckpointContents(
      state: ModelState(network: Network(layers: [layer]), classes: ["no", "yes"]),
      lineage: ["key": "a1"])
    let file = try encoded(contents)

    let length = Int(file[0]) | Int(file[1]) << 8
    #expect(file[2..<8].allSatisfy { $0 == 0 })
    let text = String(decoding: file[8..<(8 + length)], as: UTF8.self)
    #expect(length % 8 == 0)
    #expect(text.contains(#""__metadata__":{"ecpipe":"{\"data_digest\""#))

    /// The bytes between the offsets that the header's text gives for `name`.
    func entry(_ name: String, size: Int) throws -> [UInt8] {
      let start = try #require(text.range(of: "\"\(name)\":{\"data_offsets\":["))
      let numbers = text[start.upperBound...].prefix { $0 != "]" }.split(separator: ",")
      let offsets = numbers.compactMap { Int($0) }
      let frame = Array(file[(8 + length + offsets[0])..<(8 + length + offsets[1])])
      #expect(
        text[start.upperBound...].hasPrefix(
          "\(offsets[0]),\(offsets[1])],\"dtype\":\"U8\",\"shape\":[\(frame.count)]}"))
      #expect(Array(frame[..<4]) == [0x28, 0xb5, 0x2f, 0xfd])
      return try Zstd.decompressFrame(frame.span, size: size)
    }

    let size = try #require(text.firstMatch(of: /\\"bytes\\":([0-9]+)/)?.1)
    let description = String(
      decoding: try entry("ecpipe", size: try #require(Int(size))), as: UTF8.self)
    #expect(description.contains(#""lineage":{"key":"a1"}"#))
    #expect(try entry("output.weight.mask", size: 2) == [0b1110_0110, 0b01])
    // 1.5, 2.5, 5.5, 6.5, 7.5, 8.5: lowest bytes first, then the next …
    #expect(
      try entry("output.weight.values", size: 24)
        == [0, 0, 0, 0, 0, 0] + [0, 0, 0, 0, 0, 0]
        + [0xc0, 0x20, 0xb0, 0xd0, 0xf0, 0x08] + [0x3f, 0x40, 0x40, 0x40, 0x40, 0x41])
    #expect(try entry("output.bias", size: 8) == [0, 0, 0, 0, 0x80, 0, 0xbf, 0x40])
    #expect(try entry("classes", size: 12) == Array(#"["no","yes"]"#.utf8))
    #expect(text.components(separatedBy: #""dtype":"U8""#).count - 1 == 5)
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [Substring] {
    split(separator: separator, omittingEmptySubsequences: false)
  }

  fileprivate func range(of text: String) -> Range<Index>? {
    ranges(of: text).first
  }
}
