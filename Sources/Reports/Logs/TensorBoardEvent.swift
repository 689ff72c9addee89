/// An event as TensorBoard's files have it: the protocol buffer `tensorflow.Event`, as far as it is needed.
struct TensorBoardEvent {
  /// A message of protocol buffers in the making.
  struct Message {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ field: Int, varint value: UInt64) {
      key(field, 0)
      append(varint: value)
    }

    mutating func add(_ field: Int, _ value: Double) {
      key(field, 1)
      append(value.bitPattern, bytes: 8)
    }

    mutating func add(_ field: Int, _ value: Float) {
      key(field, 5)
      append(UInt64(value.bitPattern), bytes: 4)
    }

    mutating func add(_ field: Int, _ content: [UInt8]) {
      key(field, 2)
      append(varint: UInt64(content.count))
      bytes += content
    }

    mutating func add(_ field: Int, packed values: [Double]) {
      var content = Message()
      for value in values { content.append(value.bitPattern, bytes: 8) }
      add(field, content.bytes)
    }

    private mutating func key(_ field: Int, _ wire: UInt64) {
      append(varint: UInt64(field) << 3 | wire)
    }

    private mutating func append(varint value: UInt64) {
      var rest = value
      while rest > 0x7f {
        bytes.append(UInt8(rest & 0x7f) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }

    private mutating func append(_ value: UInt64, bytes count: Int) {
      for place in 0..<count { bytes.append(UInt8(value >> UInt64(8 * place) & 0xff)) }
    }
  }

  private var message = Message()

  /// - Parameters:
  ///   - time: seconds since 1970.
  ///   - step: where it stands on the axis of steps.
  private init(time: Double, step: Int) {
    message.add(1, time)
    message.add(2, varint: UInt64(step))
  }

  /// What every file begins with.
  static func version(time: Double) -> [UInt8] {
    var event = TensorBoardEvent(time: time, step: 0)
    event.message.add(3, Array("brain.Event:2".utf8))
    return event.record
  }

  /// That a run goes on at `step`: what other files have from there on does not count.
  static func start(time: Double, step: Int) -> [UInt8] {
    var session = Message()
    session.add(1, varint: 1)
    var event = TensorBoardEvent(time: time, step: step)
    event.message.add(7, session.bytes)
    return event.record
  }

  /// Numbers under their tags.
  static func scalars(_ values: [(tag: String, value: Double)], time: Double, step: Int) -> [UInt8]
  {
    summary(
      values.map { own in
        var value = Message()
        value.add(1, Array(own.tag.utf8))
        value.add(2, Float(own.value))
        return value.bytes
      }, time: time, step: step)
  }

  /// How the numbers `values` lie, in as many parts of their range.
  static func histogram(
    _ tag: String, _ values: [Float], time: Double, step: Int, parts: Int = 64
  ) -> [UInt8] {
    let values = values.filter(\.isFinite)
    let least = Double(values.min() ?? 0)
    let most = Double(values.max() ?? 0)
    let width = most > least ? (most - least) / Double(parts) : 1
    var counts = [Double](repeating: 0, count: parts)
    var (sum, squares) = (0.0, 0.0)
    for value in values {
      let number = Double(value)
      sum += number
      squares += number * number
      counts[min(parts - 1, max(0, Int((number - least) / width)))] += 1
    }
    var histogram = Message()
    for (field, number) in [least, most, Double(values.count), sum, squares].enumerated() {
      histogram.add(field + 1, number)
    }
    histogram.add(6, packed: (1...parts).map { least + Double($0) * width })
    histogram.add(7, packed: counts)
    var value = Message()
    value.add(1, Array(tag.utf8))
    value.add(5, histogram.bytes)
    return summary([value.bytes], time: time, step: step)
  }

  private static func summary(_ values: [[UInt8]], time: Double, step: Int) -> [UInt8] {
    var summary = Message()
    for value in values { summary.add(1, value) }
    var event = TensorBoardEvent(time: time, step: step)
    event.message.add(5, summary.bytes)
    return event.record
  }

  // MARK: Framing

  /// The event as a TFRecord: length, its check, content, its check.
  private var record: [UInt8] {
    let content = message.bytes
    let length = (0..<8).map { UInt8(UInt64(content.count) >> UInt64(8 * $0) & 0xff) }
    return length + Self.check(length) + content + Self.check(content)
  }

  /// The masked CRC-32C of `bytes`, as TFRecords have it.
  private static func check(_ bytes: [UInt8]) -> [UInt8] {
    let crc = CRC32C.checksum(of: bytes)
    let masked = (crc >> 15 | crc << 17) &+ 0xa282_ead8
    return (0..<4).map { UInt8(masked >> UInt32(8 * $0) & 0xff) }
  }
}

/// The cyclic redundancy check of Castagnoli's polynomial (RFC 3720, appendix B.4).
package enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1 }
  }

  /// The check of `bytes`.
  package static func checksum(of bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { crc, byte in
      table[Int((crc ^ UInt32(byte)) & 0xff)] ^ crc >> 8
    }
  }
}
