import Storage

/// The header of a safetensors file: what tensors there are and where their bytes lie.
///
/// A value of this type is sound: the tensors cover the file's data section exactly, without gaps
/// and overlaps, and every shape fits its bytes. Format: 8 bytes with the length N of what follows
/// (little-endian), N bytes of JSON padded with spaces, then the data.
package struct SafetensorsHeader: Sendable, Equatable {
  /// One tensor of the file.
  package struct Tensor: Sendable, Equatable {
    /// Not empty, not `__metadata__`, without control characters.
    package let name: String
    /// Of its elements.
    package let type: SafetensorsType
    /// Empty for a single number.
    package let shape: [Int]
    /// Its bytes, counted from the start of the data section.
    package let range: Range<Int>
  }

  /// Largest JSON header that is read, in bytes: 16 MiB. With the limits on JSON values this keeps
  /// a header's memory under about 150 MiB, whatever the file says.
  package static let largestLength = 16 << 20
  /// Largest number of tensors that is read.
  package static let mostTensors = 100_000
  /// Bytes of the length that starts the file.
  package static let lengthBytes = 8
  private static let metadataName = "__metadata__"

  /// In the order of their bytes.
  package let tensors: [Tensor]
  /// The strings of `__metadata__`.
  package let metadata: JSONObject
  /// Where the data section starts, in bytes from the start of the file.
  package let dataStart: Int
  /// Bytes of the data section.
  package let dataCount: Int

  /// How many bytes from the start of a file of `fileSize` bytes `init(fileStart:fileSize:)` needs,
  /// read from its first 8 bytes.
  /// - Throws: `SafetensorsError` when no header of that length can be there.
  package static func bytesNeeded(
    firstBytes: [UInt8], fileSize: Int
  ) throws(SafetensorsError) -> Int {
    guard fileSize >= lengthBytes, firstBytes.count >= lengthBytes else {
      throw .tooShort(bytes: min(fileSize, firstBytes.count))
    }
    let length = firstBytes[..<lengthBytes].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let allowed = min(fileSize - lengthBytes, largestLength)
    guard let length = Int(exactly: length), length <= allowed else {
      throw .headerTooLong(length: length, allowed: allowed)
    }
    return lengthBytes + length
  }

  /// Reads and checks the header at the start of a file of `fileSize` bytes; `fileStart` may hold
  /// more than the header.
  /// - Throws: `SafetensorsError`.
  package init(fileStart: [UInt8], fileSize: Int) throws(SafetensorsError) {
    let end = try Self.bytesNeeded(firstBytes: fileStart, fileSize: fileSize)
    guard fileStart.count >= end else { throw .tooShort(bytes: fileStart.count) }
    guard end > Self.lengthBytes, fileStart[Self.lengthBytes] == UInt8(ascii: "{") else {
      throw .noJSONObject
    }
    let document: JSONValue
    do throws(JSONError) {
      document = try JSONValue(
        parsing: Array(fileStart[Self.lengthBytes..<end]),
        limits: JSONValue.Limits(depth: 8, values: 10 * Self.mostTensors))
    } catch {
      throw .brokenJSON(error)
    }
    guard var members = document.objectValue else { throw .noJSONObject }
    let metadata = members[Self.metadataName] ?? [:]
    members[Self.metadataName] = nil
    guard let metadata = metadata.objectValue,
      metadata.allSatisfy({ $0.value.stringValue != nil })
    else { throw .metadataNotStrings }
    guard members.count <= Self.mostTensors else {
      throw .tooManyTensors(count: members.count, allowed: Self.mostTensors)
    }
    self.metadata = metadata
    dataStart = end
    dataCount = fileSize - end
    tensors = try members.map { (member) throws(SafetensorsError) in try Self.tensor(member) }
      .sorted {
        ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
      }
    try Self.checkCoverage(tensors, dataCount: dataCount)
  }

  /// The header of a new file whose data section holds the tensors back to back, in the order given.
  /// - Throws: `SafetensorsError` for a bad or repeated name, a shape beyond Int, or a header or
  ///   number of tensors that no reader would take.
  package init(
    placing forms: [(name: String, type: SafetensorsType, shape: [Int])], metadata: JSONObject
  ) throws(SafetensorsError) {
    precondition(metadata.allSatisfy { $0.value.stringValue != nil }, "metadata are strings")
    guard forms.count <= Self.mostTensors else {
      throw .tooManyTensors(count: forms.count, allowed: Self.mostTensors)
    }
    var tensors: [Tensor] = []
    var end = 0
    for form in forms {
      try Self.checkName(form.name)
      guard let count = form.type.byteCount(shape: form.shape),
        case let (sum, overflow) = end.addingReportingOverflow(count), !overflow
      else { throw .tensor(name: form.name, .impossibleShape(form.shape)) }
      tensors.append(
        Tensor(name: form.name, type: form.type, shape: form.shape, range: end..<sum))
      end = sum
    }
    self.tensors = tensors
    self.metadata = metadata
    dataCount = end
    guard let json = Self.json(tensors, metadata) else { throw .repeatedName }
    guard json.count <= Self.largestLength else {
      throw .headerTooLong(length: UInt64(json.count), allowed: Self.largestLength)
    }
    dataStart = Self.lengthBytes + json.count
  }

  /// The header as it is written: canonical JSON, padded with spaces to a multiple of 8 bytes.
  ///
  /// A file from elsewhere may hold other bytes that mean the same.
  package var bytes: [UInt8] {
    // Names were found different when the value was made.
    let json = Self.json(tensors, metadata)!
    return (0..<Self.lengthBytes).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json
  }

  private static func json(_ tensors: [Tensor], _ metadata: JSONObject) -> [UInt8]? {
    var members = tensors.map { tensor -> (String, JSONValue) in
      let offsets = [tensor.range.lowerBound, tensor.range.upperBound]
      return (
        tensor.name,
        [
          "dtype": .string(tensor.type.rawValue),
          "shape": JSONValue(tensor.shape.map { JSONValue($0) }),
          "data_offsets": JSONValue(offsets.map { JSONValue($0) }),
        ]
      )
    }
    if !metadata.isEmpty { members.append((metadataName, .object(metadata))) }
    guard let object = JSONObject(members) else { return nil }
    var json = JSONValue.object(object).canonicalBytes
    json.append(contentsOf: repeatElement(0x20, count: (8 - json.count % 8) % 8))
    return json
  }
}

extension SafetensorsHeader {
  /// Reads one member of the header.
  private static func tensor(
    _ member: JSONObject.Member
  ) throws(SafetensorsError) -> Tensor {
    let name = member.name
    try checkName(name)
    let typeName: String
    let shape: [Int]
    let offsets: [Int]
    do throws(JSONError) {
      typeName = try member.value.string(at: "dtype")
      shape = try integers(member.value, "shape")
      offsets = try integers(member.value, "data_offsets")
    } catch {
      throw .tensor(name: name, .member(error))
    }
    guard member.value.objectValue?.count == 3 else { throw .tensor(name: name, .unknownMember) }
    guard let type = SafetensorsType(rawValue: typeName) else {
      throw .tensor(name: name, .unknownType(typeName))
    }
    guard let count = type.byteCount(shape: shape) else {
      throw .tensor(name: name, .impossibleShape(shape))
    }
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
      throw .tensor(name: name, .impossibleOffsets(offsets))
    }
    guard offsets[1] - offsets[0] == count else {
      throw .tensor(
        name: name, .sizeMismatch(shape: count, offsets: offsets[1] - offsets[0]))
    }
    return Tensor(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  private static func integers(_ value: JSONValue, _ name: String) throws(JSONError) -> [Int] {
    try value.array(at: name).map { (element) throws(JSONError) in
      guard let integer = element.intValue else {
        throw .wrongKind(path: "\(name)[]", expected: "an integer", found: element.kind)
      }
      return integer
    }
  }

  private static func checkName(_ name: String) throws(SafetensorsError) {
    let isPrintable = name.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && !(0x7f..<0xa0).contains($0.value)
    }
    guard !name.isEmpty, name != metadataName, isPrintable else { throw .badName(name) }
  }

  /// Makes sure that the tensors, sorted by offset, lie back to back over the whole data section.
  private static func checkCoverage(
    _ tensors: [Tensor], dataCount: Int
  ) throws(SafetensorsError) {
    var end = 0
    for tensor in tensors {
      guard tensor.range.upperBound <= dataCount else {
        throw .tensor(
          name: tensor.name,
          .outOfBounds(end: tensor.range.upperBound, dataCount: dataCount))
      }
      guard tensor.range.lowerBound >= end else { throw .tensor(name: tensor.name, .overlap) }
      guard tensor.range.lowerBound == end else {
        throw .gap(bytes: end..<tensor.range.lowerBound)
      }
      end = tensor.range.upperBound
    }
    guard end == dataCount else { throw .gap(bytes: end..<dataCount) }
  }
}
