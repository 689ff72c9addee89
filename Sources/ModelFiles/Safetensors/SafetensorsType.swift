/// The element types of the safetensors format that take whole bytes.
package enum SafetensorsType: String, Sendable, CaseIterable {
  case bool = "BOOL"
  case u8 = "U8"
  case i8 = "I8"
  case float8E5M2 = "F8_E5M2"
  case float8E4M3 = "F8_E4M3"
  case i16 = "I16"
  case u16 = "U16"
  case f16 = "F16"
  case bf16 = "BF16"
  case i32 = "I32"
  case u32 = "U32"
  case f32 = "F32"
  case i64 = "I64"
  case u64 = "U64"
  case f64 = "F64"

  /// Bytes an element.
  package var size: Int {
    switch self {
    case .bool, .u8, .i8, .float8E5M2, .float8E4M3: 1
    case .i16, .u16, .f16, .bf16: 2
    case .i32, .u32, .f32: 4
    case .i64, .u64, .f64: 8
    }
  }

  /// Bytes of a tensor of `shape`; nil when a length is negative or the product is beyond Int.
  package func byteCount(shape: [Int]) -> Int? {
    var total = size
    var isEmpty = false
    for length in shape {
      guard length >= 0 else { return nil }
      if length == 0 { isEmpty = true }
      // An overflow counts even beside a 0, as in the reference library.
      let (product, overflow) = total.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow else { return nil }
      total = product
    }
    return isEmpty ? 0 : total
  }
}
