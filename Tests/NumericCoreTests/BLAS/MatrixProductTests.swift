import NumericCore
import TestSupport
import Testing

@Suite("MatrixProduct")
struct MatrixProductTests {
  static let sizes = [0, 1, 17, 33]

  @Test(
    "Products agree with a plain Double reference, transposed and adding or not",
    arguments: [false, true], [false, true])
  func reference(transposeA: Bool, transposeB: Bool) {
    let pool = WorkerPool(threadCount: 2)
    for m in Self.sizes {
      for n in Self.sizes {
        for k in Self.sizes {
          for adding in [false, true] {
            let product = Product(
              m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB, adding: adding)
            #expect(product.excess(pool: pool) <= 1, "\(m)x\(n)x\(k), adding \(adding)")
          }
        }
      }
    }
  }

  @Test("A product cut into several tasks is right, and the same bits on any number of threads")
  func threads() {
    let product = Product(
      m: 131, n: 90, k: 103, transposeA: true, transposeB: false, adding: true)
    #expect(RowTasks(rows: 131, operationsPerRow: 2 * 90 * 103).count > 3)
    let alone = product.result(pool: WorkerPool(threadCount: 1))
    #expect(product.excess(of: alone) <= 1)
    for threads in [2, 3, 5] {
      #expect(product.result(pool: WorkerPool(threadCount: threads)).bits == alone.bits)
    }
  }
}

/// Random operands of one product, and its result by plain Double arithmetic.
private struct Product {
  let m: Int, n: Int, k: Int
  let transposeA: Bool, transposeB: Bool, adding: Bool
  let a: Matrix, b: Matrix, c: Matrix

  init(m: Int, n: Int, k: Int, transposeA: Bool, transposeB: Bool, adding: Bool) {
    (self.m, self.n, self.k) = (m, n, k)
    (self.transposeA, self.transposeB, self.adding) = (transposeA, transposeB, adding)
    var generator = SeededGenerator(seed: 5)
    let (rowsA, columnsA) = transposeA ? (k, m) : (m, k)
    let (rowsB, columnsB) = transposeB ? (n, k) : (k, n)
    a = Matrix(rows: rowsA, columns: columnsA, generator.floats(m * k))
    b = Matrix(rows: rowsB, columns: columnsB, generator.floats(k * n))
    c = Matrix(rows: m, columns: n, generator.floats(m * n))
  }

  func result(pool: WorkerPool) -> Matrix {
    var c = c
    MatrixProduct.multiply(
      a, transposed: transposeA, b, transposed: transposeB, adding: adding, into: &c, pool: pool)
    return c
  }

  func excess(pool: WorkerPool) -> Double { excess(of: result(pool: pool)) }

  /// The largest error as a multiple of what k + 1 Float32 roundings allow: (k + 1) 2⁻²⁴ Σ|a b|,
  /// whatever the order of the sum (Higham 2002, 3.5).
  func excess(of result: Matrix) -> Double {
    let (a, b, c, result) = (a.elements, b.elements, c.elements, result.elements)
    var largest = 0.0
    for i in 0..<m {
      for j in 0..<n {
        var sum = adding ? Double(c[i * n + j]) : 0
        var magnitude = abs(sum)
        for t in 0..<k {
          let x = Double(transposeA ? a[t * m + i] : a[i * k + t])
          let y = Double(transposeB ? b[j * k + t] : b[t * n + j])
          sum += x * y
          magnitude += abs(x * y)
        }
        let error = abs(Double(result[i * n + j]) - sum)
        let allowed = Double(k + 1) * 0x1p-24 * magnitude
        largest = max(largest, error == 0 ? 0 : error / allowed)
      }
    }
    return largest
  }
}
