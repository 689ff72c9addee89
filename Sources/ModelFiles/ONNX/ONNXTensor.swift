import ONNXSchema
import Storage

/// A constant of an ONNX file: weights, biases, numbers.
struct ONNXTensor: Equatable {
  /// Its elements, row-major.
  enum Values: Equatable {
    case floats([Float])
    /// Those of shapes.
    case integers([Int])
  }

  /// Empty for a single number.
  var shape: [Int]
  let values: Values

  /// Of numbers that stand in an attribute.
  init(shape: [Int], values: Values) {
    self.shape = shape
    self.values = values
  }

  /// The elements of weights; nil of whole numbers.
  var floats: [Float]? {
    if case .floats(let values) = values { values } else { nil }
  }

  /// The elements of a shape; nil of weights.
  var integers: [Int]? {
    if case .integers(let values) = values { values } else { nil }
  }

  /// The only element; nil where there are others, or none.
  var scalar: Double? {
    guard let floats, floats.count == 1 else { return nil }
    return Double(floats[0])
  }

  var count: Int {
    switch values {
    case .floats(let values): values.count
    case .integers(let values): values.count
    }
  }

  /// [columns, rows] of a matrix.
  func transposed() throws(ONNXError) -> ONNXTensor? {
    guard shape.count == 2, let floats else { return nil }
    try ONNXError.demand(4 * Double(floats.count))
    let (rows, columns) = (shape[0], shape[1])
    var turned: [Float] = []
    turned.reserveCapacity(floats.count)
    for column in 0..<columns {
      for row in 0..<rows { turned.append(floats[row * columns + column]) }
    }
    return ONNXTensor(shape: [columns, rows], values: .floats(turned))
  }
}

extension ONNXTensor {
  /// Types of elements that are read, with the numbers that stand for them.
  enum ElementType: Int32 {
    case float = 1
    case int64 = 7
    case bool = 9
    case float16 = 10
    case double = 11
    case bfloat16 = 16

    /// As safetensors call it; nil for whole numbers and flags.
    var floating: SafetensorsType? {
      switch self {
      case .float: .f32
      case .int64, .bool: nil
      case .float16: .f16
      case .double: .f64
      case .bfloat16: .bf16
      }
    }

    /// Bytes an element.
    var size: Int { floating?.size ?? (self == .bool ? 1 : 8) }
  }

  /// The names of the types that are not read, by their numbers.
  private static let otherTypes = [
    2: "UINT8", 3: "INT8", 4: "UINT16", 5: "INT16", 6: "INT32", 8: "STRING", 12: "UINT32",
    13: "UINT64", 14: "COMPLEX64", 15: "COMPLEX128",
  ]

  /// The most rows or columns of a tensor.
  static let mostWidth = StateDictLayout.limits.width

  /// Reads a tensor.
  /// - Throws: `ONNXError` for another type, or another number of elements than its shape has.
  init(
    _ tensor: Onnx_TensorProto, name: String, files: inout ONNXDataFiles
  ) throws(ONNXError) {
    guard let type = ElementType(rawValue: tensor.dataType) else {
      let found = Self.otherTypes[Int(tensor.dataType)] ?? "number \(tensor.dataType)"
      throw .tensor(
        name,
        "has elements of type \(found); supported are FLOAT, DOUBLE, FLOAT16 and BFLOAT16, so export the "
          + "network in 32 bits and not quantized")
    }
    let (shape, count) = try Self.size(of: tensor.dims, name: name)
    // Its bytes, and its elements.
    if tensor.hasRawData || tensor.dataLocation == 1 {
      try ONNXError.demand(Double(tensor.rawData.count) + 4 * Double(count))
    }
    let stated: Values
    if tensor.dataLocation == 1 {
      let bytes = try files.bytes(
        of: tensor.externalData, count: count, size: type.size, name: name)
      stated = try Self.values(bytes, type, name)
    } else if tensor.hasRawData {
      guard tensor.rawData.count == count * type.size else {
        throw .tensor(
          name,
          "has \(tensor.rawData.count) bytes, and its shape \(shape) needs \(count * type.size); export "
            + "the file again")
      }
      stated = try Self.values([UInt8](tensor.rawData)[...], type, name)
    } else {
      stated = try Self.typedValues(tensor, type, name)
    }
    self.init(shape: shape, values: stated)
    guard self.count == count else {
      throw .tensor(
        name,
        "has \(self.count) elements, and its shape \(shape) needs \(count); export the file again"
      )
    }
  }

  /// A shape with the number of its elements, which is compared with what is there before it is used.
  static func size(of dims: [Int64], name: String) throws(ONNXError) -> ([Int], Int) {
    var (shape, count) = ([Int](), 1)
    for length in dims {
      guard length >= 0, length <= mostWidth else {
        throw .tensor(
          name, "has the length \(length) in its shape; allowed are 0 to \(mostWidth)")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: Int(length))
      guard !overflow, product <= Int.max / 16 else {
        throw .tooLarge("tensor '\(name)' has the shape \(dims)")
      }
      shape.append(Int(length))
      count = product
    }
    return (shape, count)
  }

  private static func values(
    _ bytes: ArraySlice<UInt8>, _ type: ElementType, _ name: String
  ) throws(ONNXError) -> Values {
    if type == .bool { return .integers(bytes.map { Int($0) }) }
    guard let floating = type.floating else {
      return .integers(
        stride(from: bytes.startIndex, to: bytes.endIndex, by: 8).map { start in
          Int(
            truncatingIfNeeded: bytes[start..<(start + 8)].reversed().reduce(UInt64(0)) {
              $0 << 8 | UInt64($1)
            })
        })
    }
    do throws(TensorValues.Problem) {
      return .floats(try TensorValues.floats(bytes, type: floating))
    } catch {
      switch error {
      case .notFinite(let index): throw notFinite(name, index)
      case .type: preconditionFailure("all of these types are read")
      }
    }
  }

  /// The elements of the field that is meant for the type.
  private static func typedValues(
    _ tensor: Onnx_TensorProto, _ type: ElementType, _ name: String
  ) throws(ONNXError) -> Values {
    let floats: [Float]
    switch type {
    case .int64: return .integers(tensor.int64Data.map { Int($0) })
    case .bool: return .integers(tensor.int32Data.map { Int($0) })
    case .float: floats = tensor.floatData
    case .double: floats = tensor.doubleData.map { Float($0) }
    case .float16:
      floats = tensor.int32Data.map { Float(Float16(bitPattern: UInt16(truncatingIfNeeded: $0))) }
    case .bfloat16:
      floats = tensor.int32Data.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0) << 16) }
    }
    if let index = floats.firstIndex(where: { !$0.isFinite }) { throw notFinite(name, index) }
    return .floats(floats)
  }

  private static func notFinite(_ name: String, _ index: Int) -> ONNXError {
    .tensor(
      name, "holds at element \(index) a value that is not finite in 32 bits; correct it")
  }

  /// Reads a sparse tensor: the values that are not 0, with their places in the row-major order or by
  /// row and column.
  /// - Throws: `ONNXError`.
  init(
    sparse tensor: Onnx_SparseTensorProto, files: inout ONNXDataFiles
  ) throws(ONNXError) {
    let name = tensor.values.name
    let (shape, count) = try Self.size(of: tensor.dims, name: name)
    // Few bytes can state a large matrix, so it may take no more than files may: a quarter.
    try ONNXError.demand(16 * Double(count))
    let values = try ONNXTensor(tensor.values, name: name, files: &files)
    let places = try ONNXTensor(tensor.indices, name: name + ".indices", files: &files)
    guard let floats = values.floats, let indices = places.integers else {
      throw .tensor(name, "is sparse without numbers and places; export the file again")
    }
    let rank = indices.count == floats.count ? 1 : shape.count
    guard indices.count == floats.count * rank, rank > 0 else {
      throw .tensor(
        name, "has \(floats.count) values and \(indices.count) places; export the file again")
    }
    var dense = [Float](repeating: 0, count: count)
    for (position, value) in floats.enumerated() {
      var place = 0
      for axis in 0..<rank {
        let index = indices[position * rank + axis]
        let length = rank == 1 ? count : shape[axis]
        guard index >= 0, index < length else {
          throw .tensor(name, "has a value at \(index) of \(length); export the file again")
        }
        place = place * length + index
      }
      dense[place] = value
    }
    self.init(shape: shape, values: .floats(dense))
  }
}
