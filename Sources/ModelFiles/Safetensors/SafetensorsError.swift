import Storage

/// What can be wrong with a safetensors file.
package enum SafetensorsError: Error, Equatable, Sendable {
  /// The file ends before its header does.
  case tooShort(bytes: Int)
  /// The header announces more bytes than the file can hold, or than are read.
  case headerTooLong(length: UInt64, allowed: Int)
  /// What follows the length is no JSON object.
  case noJSONObject
  /// The header is no JSON that is read here.
  case brokenJSON(JSONError)
  /// `__metadata__` is no object of strings.
  case metadataNotStrings
  /// More tensors than are read.
  case tooManyTensors(count: Int, allowed: Int)
  /// A name that is empty, reserved, or holds control characters.
  case badName(String)
  /// Two tensors to be written have one name.
  case repeatedName
  /// Bytes of the data section that belong to no tensor.
  case gap(bytes: Range<Int>)
  /// One tensor cannot be what the header says.
  case tensor(name: String, TensorProblem)

  /// What can be wrong with one tensor.
  package enum TensorProblem: Equatable, Sendable {
    /// A member is missing or of another kind.
    case member(JSONError)
    /// There are more members than dtype, shape and data_offsets.
    case unknownMember
    /// The dtype is none of `SafetensorsType`.
    case unknownType(String)
    /// A length is negative, or the bytes are beyond Int.
    case impossibleShape([Int])
    /// The offsets are not two ascending numbers from 0.
    case impossibleOffsets([Int])
    /// The bytes that the shape needs are not those between the offsets.
    case sizeMismatch(shape: Int, offsets: Int)
    /// The tensor ends behind the data section of `dataCount` bytes.
    case outOfBounds(end: Int, dataCount: Int)
    /// The tensor begins inside the one before it.
    case overlap
  }
}

extension SafetensorsError: CustomStringConvertible {
  /// What is wrong, where, and what to do, as a clause that goes on from the name of a file.
  package var description: String {
    switch self {
    case .tooShort(let bytes):
      "the file ends after \(bytes) bytes, inside its header; copy it again"
    case .headerTooLong(let length, let allowed):
      "the header announces \(length) bytes where \(allowed) are possible; "
        + "this is no safetensors file, or a damaged one"
    case .noJSONObject:
      "there is no JSON object behind the length; this is no safetensors file, or a damaged one"
    case .brokenJSON(let error):
      "the header cannot be read (\(error)); copy the file again"
    case .metadataNotStrings:
      "__metadata__ has to hold strings only; write the file with a safetensors library"
    case .tooManyTensors(let count, let allowed):
      "there are \(count) tensors, more than the \(allowed) allowed; use a smaller file"
    case .badName(let name):
      "a tensor is named \(JSONValue.string(name).canonical), "
        + "which is empty, reserved or has control characters; rename it"
    case .repeatedName:
      "two tensors have the same name; rename one"
    case .gap(let bytes):
      "bytes \(bytes.lowerBound)..<\(bytes.upperBound) of the data belong to no tensor; "
        + "copy the file again"
    case .tensor(let name, let problem):
      "tensor '\(name)' \(problem)"
    }
  }
}

extension SafetensorsError.TensorProblem: CustomStringConvertible {
  /// What is wrong and what to do, as a clause that goes on from the name of a tensor.
  package var description: String {
    switch self {
    case .member(let error):
      "is described wrongly (\(error)); copy the file again"
    case .unknownMember:
      "has members besides dtype, shape and data_offsets; write the file with a safetensors library"
    case .unknownType(let type):
      "has the unknown type \(JSONValue.string(type).canonical); convert it to F32"
    case .impossibleShape(let shape):
      "has the impossible shape \(shape); copy the file again"
    case .impossibleOffsets(let offsets):
      "has the impossible offsets \(offsets); copy the file again"
    case .sizeMismatch(let shape, let offsets):
      "needs \(shape) bytes for its shape and has \(offsets); copy the file again"
    case .outOfBounds(let end, let dataCount):
      "ends at byte \(end) of \(dataCount); the file is truncated, copy it again"
    case .overlap:
      "begins inside the one before it; copy the file again"
    }
  }
}
