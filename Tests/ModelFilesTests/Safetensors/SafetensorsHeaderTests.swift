import ModelFiles
import Testing

@Suite("Safetensors headers")
struct SafetensorsHeaderTests {
  /// A file of `json`, padded as the format wants it, and `data` zero bytes.
  private func file(_ json: String, data: Int = 0) -> [UInt8] {
    let json = Array(json.utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }
    return length + json + [UInt8](repeating: 0, count: data)
  }

  private func header(_ bytes: [UInt8]) throws -> SafetensorsHeader {
    try SafetensorsHeader(fileStart: bytes, fileSize: bytes.count)
  }

  @Test("A file written by hand is read, in the order of its bytes")
  func byHand() throws {
    let header = try header(
      file(
        #"""
        {"b":{"dtype":"F32","shape":[],"data_offsets":[6,10]},
         "__metadata__":{"format":"pt"},
         "none":{"dtype":"I64","shape":[0,7],"data_offsets":[6,6]},
         "a":{"dtype":"BF16","shape":[3,1],"data_offsets":[0,6]}}
        """#, data: 10))
    #expect(header.tensors.map(\.name) == ["a", "none", "b"])
    #expect(header.tensors.map(\.type) == [.bf16, .i64, .f32])
    #expect(header.tensors.map(\.shape) == [[3, 1], [0, 7], []])
    #expect(header.tensors.map(\.range) == [0..<6, 6..<6, 6..<10])
    #expect(header.metadata == ["format": "pt"])
    #expect(header.dataCount == 10)
  }

  @Test("What is written is canonical, padded, and reads back")
  func writing() throws {
    let written = try SafetensorsHeader(
      placing: [("z", .u8, [3]), ("a", .f32, [2, 2]), ("é\"", .f64, [0])], metadata: ["k": "v\n"])
    let expected =
      #"{"__metadata__":{"k":"v\n"},"a":{"data_offsets":[3,19],"dtype":"F32","shape":[2,2]},"#
      + #""z":{"data_offsets":[0,3],"dtype":"U8","shape":[3]},"#
      + #""é\"":{"data_offsets":[19,19],"dtype":"F64","shape":[0]}}"#
    let bytes = written.bytes
    let text = String(decoding: bytes[8...], as: UTF8.self)
    #expect(text.hasPrefix(expected))
    #expect(text.dropFirst(expected.count).allSatisfy { $0 == " " })
    #expect(bytes.count % 8 == 0)
    #expect(Int(bytes[0]) + Int(bytes[1]) << 8 == bytes.count - 8)
    #expect(bytes[2..<8].allSatisfy { $0 == 0 })
    #expect(try SafetensorsHeader(fileStart: bytes, fileSize: bytes.count + 19) == written)
  }

  @Test("A length that cannot be true is refused before anything is allocated")
  func length() {
    func error(_ length: UInt64, fileSize: Int) -> SafetensorsError? {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
      return #expect(throws: SafetensorsError.self) {
        try SafetensorsHeader.bytesNeeded(firstBytes: bytes, fileSize: fileSize)
      }
    }
    #expect(error(.max, fileSize: 100) == .headerTooLong(length: .max, allowed: 92))
    #expect(error(93, fileSize: 100) == .headerTooLong(length: 93, allowed: 92))
    let tooLong = UInt64(SafetensorsHeader.largestLength) + 1
    #expect(
      error(tooLong, fileSize: .max)
        == .headerTooLong(length: tooLong, allowed: SafetensorsHeader.largestLength))
    for count in 0..<8 {
      #expect(throws: SafetensorsError.tooShort(bytes: count)) {
        try header([UInt8](repeating: 0, count: count))
      }
    }
    #expect(throws: SafetensorsError.noJSONObject) { try header([UInt8](repeating: 0, count: 8)) }
  }

  @Test(
    "What is no header is refused",
    arguments: [
      ("[]", .noJSONObject), ("  {}", .noJSONObject),
      ("{", .brokenJSON(.syntax(offset: 1, expected: "a name in quotes"))),
      (#"{"__metadata__":{"a":1}}"#, .metadataNotStrings),
      (#"{"__metadata__":[]}"#, .metadataNotStrings),
      (#"{"":{}}"#, .badName("")), (#"{"a\n":{}}"#, .badName("a\n")),
      (
        #"{"a":1}"#,
        .tensor(
          name: "a",
          .member(
            .wrongKind(
              path: "dtype", expected: "inside an object", found: "inside an integer")))
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1]}}"#,
        .tensor(name: "a", .member(.missing(path: "data_offsets")))
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#,
        .tensor(
          name: "a",
          .member(
            .wrongKind(
              path: "shape[]", expected: "an integer", found: "a number")))
      ),
      (
        #"{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}}"#,
        .tensor(name: "a", .unknownType("F4"))
      ),
      (
        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"x":0}}"#,
        .tensor(name: "a", .unknownMember)
      ),
      (
        #"{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}"#,
        .tensor(name: "a", .impossibleShape([-4]))
      ),
      (
        #"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#,
        .tensor(name: "a", .impossibleShape([1 << 32, 1 << 32]))
      ),
      (
        #"{"a":{"dtype":"U8","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}"#,
        .tensor(name: "a", .impossibleShape([0, 1 << 32, 1 << 32]))
      ),
      (
        #"{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}"#,
        .tensor(name: "a", .impossibleShape([1 << 61]))
      ),
      (
        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}"#,
        .tensor(name: "a", .impossibleOffsets([4, 0]))
      ),
      (
        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}}"#,
        .tensor(name: "a", .impossibleOffsets([-4, 0]))
      ),
      (
        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,2,4]}}"#,
        .tensor(name: "a", .impossibleOffsets([0, 2, 4]))
      ),
      (
        #"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,4]}}"#,
        .tensor(name: "a", .sizeMismatch(shape: 16, offsets: 4))
      ),
      (
        #"{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]}}"#,
        .tensor(name: "a", .outOfBounds(end: 5, dataCount: 4))
      ),
      (
        #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"#
          + #""b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
        .tensor(name: "b", .overlap)
      ),
      (
        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
          + #""b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}"#,
        .tensor(name: "b", .overlap)
      ),
      (#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#, .gap(bytes: 0..<1)),
      (#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#, .gap(bytes: 3..<4)),
      ("{}", .gap(bytes: 0..<4)),
      (
        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
          + #""a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#,
        .brokenJSON(.repeatedName("a", offset: 105))
      ),
    ] as [(String, SafetensorsError)])
  func hostile(json: String, expected: SafetensorsError) {
    #expect(throws: expected) { try header(file(json, data: 4)) }
  }

  @Test("Two tensors in one place are refused, whichever comes first")
  func samePlace() {
    let json =
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
      + #""b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#
    #expect(throws: SafetensorsError.self) { try header(file(json, data: 4)) }
  }

  @Test("Deep nesting and endless lists are refused")
  func bombs() {
    let deep = #"{"a":"# + String(repeating: "[", count: 10_000)
    #expect(throws: SafetensorsError.brokenJSON(.tooDeep(limit: 8))) { try header(file(deep)) }
    let long = #"{"a":["# + String(repeating: "0,", count: 1_000_001)
    #expect(throws: SafetensorsError.brokenJSON(.tooManyValues(limit: 1_000_000))) {
      try header(file(long))
    }
  }

  @Test("More than 100,000 tensors are refused")
  func count() {
    let member = ##"{"dtype":"U8","shape":[],"data_offsets":[]}"##
    let members = (100_000...200_000).map { "\"\($0)\":\(member)" }.joined(separator: ",")
    #expect(throws: SafetensorsError.tooManyTensors(count: 100_001, allowed: 100_000)) {
      try header(file("{\(members)}"))
    }
  }

  @Test(
    "Messages say what is wrong, where, and what to do",
    arguments: [
      (
        .headerTooLong(length: 93, allowed: 92),
        "the header announces 93 bytes where 92 are possible; "
          + "this is no safetensors file, or a damaged one"
      ),
      (
        .tensor(name: "a", .outOfBounds(end: 5, dataCount: 4)),
        "tensor 'a' ends at byte 5 of 4; the file is truncated, copy it again"
      ),
      (.gap(bytes: 0..<1), "bytes 0..<1 of the data belong to no tensor; copy the file again"),
      (
        .badName("a\n"),
        #"a tensor is named "a\n", which is empty, reserved or has control characters; rename it"#
      ),
      (
        .tensor(name: "w", .unknownType("F4")),
        #"tensor 'w' has the unknown type "F4"; convert it to F32"#
      ),
    ] as [(SafetensorsError, String)])
  func wording(error: SafetensorsError, expected: String) {
    #expect(error.description == expected)
  }
}
