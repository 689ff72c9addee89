import Datasets

/// Makes sure that two matrices have the same shape and the same bits.
func requireSameBits(_ one: DataMatrix, _ other: DataMatrix, _ promise: String) {
  require(one.rows == other.rows && one.columns == other.columns, promise)
  require(
    one.elements.elementsEqual(other.elements) { $0.bitPattern == $1.bitPattern }, promise)
}

/// The bytes of a number, lowest first.
func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { Array($0) }
}
