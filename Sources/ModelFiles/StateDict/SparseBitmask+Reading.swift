import Storage

/// Reading matrices in this layout, which come back dense.
extension SparseBitmask {
  private typealias Tensor = SafetensorsHeader.Tensor

  /// The four parts of a matrix, each behind its name and a dot.
  private struct Parts {
    let shape: Tensor
    let compressed: Tensor
    let bitmask: Tensor
    let rowOffsets: Tensor

    /// - Throws: what is missing.
    init(of name: String, in tensors: [String: Tensor]) throws(Problem) {
      func part(_ ending: String) throws(Problem) -> Tensor {
        guard let tensor = tensors["\(name).\(ending)"] else {
          throw Problem(text: "there is no '\(name).\(ending)'")
        }
        return tensor
      }
      shape = try part("shape")
      compressed = try part("compressed")
      bitmask = try part("bitmask")
      rowOffsets = try part("row_offsets")
    }

    var names: [String] { [shape, compressed, bitmask, rowOffsets].map(\.name) }
  }

  /// What is wrong with the parts of one matrix.
  private enum Problem: Error {
    /// They are none; why, as a clause.
    case parts(String)
    /// It does not fit into memory.
    case lack(MemoryLack)

    init(text: String) { self = .parts(text) }
  }

  private static let ending = ".bitmask"

  /// The tensors of a file with `header`, in which one dense tensor stands in the place of the parts of each
  /// matrix in this layout, and the values of these matrices by their names.
  ///
  /// Memory: 4 bytes a weight.
  /// - Parameter bytes: the content of the file.
  /// - Throws: `StateDictError.tensor`.
  static func unpacked(
    _ header: SafetensorsHeader, _ bytes: [UInt8]
  ) throws(StateDictError) -> (
    tensors: [SafetensorsHeader.Tensor], values: [String: [Float]]
  ) {
    let stems = header.tensors.filter { $0.name.hasSuffix(ending) }.map {
      String($0.name.dropLast(ending.count))
    }
    if stems.isEmpty { return (header.tensors, [:]) }
    let all = Dictionary(header.tensors.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    func content(_ tensor: Tensor) -> ArraySlice<UInt8> {
      bytes[header.dataStart...].dropFirst(tensor.range.lowerBound).prefix(tensor.range.count)
    }
    var matrices: [String: Tensor] = [:]
    var values: [String: [Float]] = [:]
    var parts: Set<String> = []
    for name in stems {
      do throws(Problem) {
        guard all[name] == nil else { throw Problem(text: "the same tensor is there densely, too") }
        let own = try Parts(of: name, in: all)
        let (shape, matrix) = try matrix(of: own, content)
        values[name] = matrix
        matrices[name + ending] = Tensor(name: name, type: .f32, shape: shape, range: 0..<0)
        parts.formUnion(own.names)
      } catch {
        switch error {
        case .parts(let text): throw .tensor(name, .bitmask(text))
        case .lack(let lack): throw .memory(lack)
        }
      }
    }
    let tensors = header.tensors.compactMap { tensor in
      matrices[tensor.name] ?? (parts.contains(tensor.name) ? nil : tensor)
    }
    return (tensors, values)
  }

  /// Shape and values, row-major, of the matrix that `parts` make.
  /// - Parameter content: the bytes of a tensor.
  private static func matrix(
    of parts: Parts, _ content: (Tensor) -> ArraySlice<UInt8>
  ) throws(Problem) -> (shape: [Int], values: [Float]) {
    let most = StateDictLayout.limits.width
    guard parts.shape.type == .i64, parts.shape.shape == [2],
      case let shape = numbers(content(parts.shape)), shape.allSatisfy({ (1...most).contains($0) })
    else { throw Problem(text: "'\(parts.shape.name)' is no pair of I64 from 1 to \(most)") }
    let (rows, columns) = (shape[0], shape[1])
    let stride = (columns + 7) / 8
    for (part, type, wanted) in [
      (parts.bitmask, SafetensorsType.u8, [rows, stride]), (parts.rowOffsets, .i64, [rows]),
    ] where part.type != type || part.shape != wanted {
      throw Problem(
        text:
          "'\(part.name)' is \(part.type.rawValue) \(part.shape) where \(type.rawValue) \(wanted) belongs"
      )
    }
    do throws(MemoryLack) {
      // Few bytes can state a large matrix, so it may take no more than files may: a quarter.
      try MemoryLack.refuse(16 * Double(rows) * Double(columns))
    } catch {
      throw .lack(error)
    }
    let kept: [Float]
    do throws(TensorValues.Problem) {
      kept = try TensorValues.floats(content(parts.compressed), type: parts.compressed.type)
    } catch {
      throw Problem(text: "'\(parts.compressed.name)' \(StateDictError.TensorProblem(error))")
    }
    let (mask, starts) = (Array(content(parts.bitmask)), numbers(content(parts.rowOffsets)))
    var values = [Float](repeating: 0, count: rows * columns)
    var next = 0
    for row in 0..<rows {
      var isRight = starts[row] == next
      for column in 0..<(8 * stride)
      where mask[row * stride + column / 8] >> UInt8(column % 8) & 1 == 1 {
        isRight = isRight && column < columns && next < kept.count
        if !isRight { break }
        values[row * columns + column] = kept[next]
        next += 1
      }
      guard isRight else {
        throw Problem(text: "its mask, offsets and values differ in row \(row)")
      }
    }
    guard next == kept.count else {
      throw Problem(text: "its mask has \(next) bits for \(kept.count) values")
    }
    return (shape, values)
  }

  /// Little-endian numbers of 64 bits.
  private static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
    stride(from: bytes.startIndex, to: bytes.endIndex - 7, by: 8).map { start in
      Int(
        truncatingIfNeeded: bytes[start..<(start + 8)].reversed().reduce(UInt64(0)) {
          $0 << 8 | UInt64($1)
        })
    }
  }
}
