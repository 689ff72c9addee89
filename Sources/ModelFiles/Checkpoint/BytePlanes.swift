/// Float32 values as bytes grouped by significance (`EntryEncoding.bytePlanes`).
enum BytePlanes {
  private static let exponent: UInt32 = 0x7f80_0000

  /// The bytes of `values`, or of their bits' exclusive or with those of `base`, which are 0 where
  /// nothing has changed; nil when one of `values` is an infinity or NaN.
  static func pack(_ values: [Float], combinedWith base: [Float]? = nil) -> [UInt8]? {
    precondition(base?.count ?? values.count == values.count, "a value of the base for each")
    let count = values.count
    var hasSpecial = false
    let bytes = values.withUnsafeBufferPointer { values in
      [UInt8](unsafeUninitializedCapacity: 4 * count) { buffer, initialized in
        guard let plane0 = buffer.baseAddress else { return }
        let plane1 = plane0 + count
        let plane2 = plane1 + count
        let plane3 = plane2 + count
        for i in 0..<count {
          var bits = values[i].bitPattern
          if bits & exponent == exponent { hasSpecial = true }
          if let base { bits ^= base[i].bitPattern }
          plane0[i] = UInt8(truncatingIfNeeded: bits)
          plane1[i] = UInt8(truncatingIfNeeded: bits >> 8)
          plane2[i] = UInt8(truncatingIfNeeded: bits >> 16)
          plane3[i] = UInt8(truncatingIfNeeded: bits >> 24)
        }
        initialized = 4 * count
      }
    }
    return hasSpecial ? nil : bytes
  }

  /// Appends the values whose bytes `bytes` are, combined with `base` as in `pack`; false when one is
  /// an infinity or NaN.
  static func unpack(
    _ bytes: [UInt8], combinedWith base: [Float]? = nil, appendingTo values: inout [Float]
  ) -> Bool {
    let count = bytes.count / 4
    precondition(bytes.count == 4 * count, "four planes of one length")
    precondition(base?.count ?? count == count, "a value of the base for each")
    var hasSpecial = false
    let decoded = bytes.withUnsafeBufferPointer { bytes in
      [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        guard let plane0 = bytes.baseAddress else { return }
        let plane1 = plane0 + count
        let plane2 = plane1 + count
        let plane3 = plane2 + count
        for i in 0..<count {
          let low = UInt32(plane0[i]) | UInt32(plane1[i]) << 8
          var bits = low | UInt32(plane2[i]) << 16 | UInt32(plane3[i]) << 24
          if let base { bits ^= base[i].bitPattern }
          if bits & exponent == exponent { hasSpecial = true }
          buffer[i] = Float(bitPattern: bits)
        }
        initialized = count
      }
    }
    values.append(contentsOf: decoded)
    return !hasSpecial
  }
}
