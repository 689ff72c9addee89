import NumericCore

// Here and not beside the tests: these are compiled without optimizing, and what they compare with is where their
// time goes.

/// start + Σ a_i b_i in Double, in the order of the elements.
package func innerProduct(_ a: [Double], _ b: [Double], from start: Double = 0) -> Double {
  precondition(a.count == b.count)
  var sum = start
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}

/// A B in Double, row by row.
package func referenceProduct(_ a: Matrix, _ b: Matrix) -> [Double] {
  precondition(a.columns == b.rows)
  let rows = (0..<a.rows).map { row in (0..<a.columns).map { Double(a[row, $0]) } }
  let columns = (0..<b.columns).map { column in (0..<b.rows).map { Double(b[$0, column]) } }
  return rows.flatMap { row in columns.map { innerProduct(row, $0) } }
}
