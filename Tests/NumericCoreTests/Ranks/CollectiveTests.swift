import NumericCore
import TestSupport
import Testing

@Suite("Ranks that give one another what they have computed")
struct CollectiveTests {
  /// Elements of each rank's part: none of some, and not alike.
  private static func bounds(_ size: Int) -> [Int] { (0...size).map { $0 * ($0 - 1) * 3 } }

  @Test(
    "Every rank has all parts, in the order of ranks, of several spans at once", arguments: 1...4)
  func gather(size: Int) {
    let bounds = Self.bounds(size)
    let all = (0..<bounds[size]).map { Float($0) + 0.5 }
    let results = ThreadRanks.run(size) { ranks in
      let own = bounds[ranks.rank]..<bounds[ranks.rank + 1]
      var floats = all.indices.map { own.contains($0) ? all[$0] : -1 }
      var doubles = floats.map { Double($0) * 3 }
      floats.withUnsafeMutableBufferPointer { floats in
        doubles.withUnsafeMutableBufferPointer { doubles in
          guard let first = floats.baseAddress, let second = doubles.baseAddress else { return }
          ranks.gather([SharedSpan(first, bounds: bounds), SharedSpan(second, bounds: bounds)])
        }
      }
      return (floats, doubles)
    }
    #expect(results.count == size)
    for (floats, doubles) in results {
      #expect(floats == all)
      #expect(doubles == all.map { Double($0) * 3 })
    }
  }

  @Test("What is collected only rank 0 is given; the others keep what they had", arguments: 2...3)
  func collect(size: Int) {
    let bounds = Self.bounds(size)
    let results = ThreadRanks.run(size) { ranks in
      var values = [Int32](repeating: Int32(ranks.rank), count: bounds[size])
      values.withUnsafeMutableBufferPointer { values in
        guard let start = values.baseAddress else { return }
        ranks.collect([SharedSpan(start, bounds: bounds)])
      }
      return values
    }
    let ofAll = (0..<size).flatMap { rank in
      Array(repeating: Int32(rank), count: bounds[rank + 1] - bounds[rank])
    }
    #expect(results[0] == ofAll)
    for rank in 1..<size { #expect(results[rank].allSatisfy { $0 == Int32(rank) }) }
  }

  @Test(
    "Rows of a matrix are sent likewise, and those behind them stay as they are", arguments: 1...3)
  func rows(size: Int) {
    let bounds = [0, 2, 2, 5][...size].map { $0 }
    let count = bounds[size]
    let results = ThreadRanks.run(size) { ranks -> [[Float]] in
      func matrix() -> Matrix {
        var matrix = Matrix(rows: count + 1, columns: 2, repeating: 9)
        for row in bounds[ranks.rank]..<bounds[ranks.rank + 1] {
          matrix[row, 0] = Float(row)
          matrix[row, 1] = Float(ranks.rank)
        }
        return matrix
      }
      var (gathered, collected, sent) = (matrix(), matrix(), matrix())
      ranks.gatherRows(of: &gathered, bounds: bounds)
      ranks.collectRows(of: &collected, bounds: bounds)
      ranks.broadcastRows(2, of: &sent)
      return [gathered, collected, sent].map(\.elements)
    }
    let all = (0..<size).flatMap { rank in
      (bounds[rank]..<bounds[rank + 1]).flatMap { [Float($0), Float(rank)] }
    }
    #expect(results.count == size)
    for result in results { #expect(result[0] == all + [9, 9]) }
    #expect(results[0][1] == all + [9, 9])
    for result in results { #expect(Array(result[2][..<4]) == [0, 0, 1, 0]) }
  }

  @Test("Rows are copied between matrices of as many columns")
  func copying() {
    var target = Matrix(rows: 4, columns: 2, repeating: 9)
    target.copyRows(2, of: Matrix(rows: 3, columns: 2, [1, 2, 3, 4, 5, 6]), from: 1, to: 0)
    #expect(target.elements == [3, 4, 5, 6, 9, 9, 9, 9])
    target.copyRows(0, of: Matrix(rows: 0, columns: 2), from: 0, to: 4)
    #expect(target.elements == [3, 4, 5, 6, 9, 9, 9, 9])
  }

  @Test("A sum adds the parts in the order of ranks, to the same bits on each")
  func orderedSum() {
    // Another order rounds to another sum.
    let all = [1e16, 1, 1, -1e16, 3, 0.1]
    let bounds = [0, 1, 4, 6]
    let sums = ThreadRanks.run(3) { ranks in
      let own = bounds[ranks.rank]..<bounds[ranks.rank + 1]
      var values = all.indices.map { own.contains($0) ? all[$0] : .nan }
      return values.withUnsafeMutableBufferPointer {
        ranks.orderedSum($0.baseAddress!, bounds: bounds)
      }
    }
    #expect(sums == Array(repeating: all.reduce(0, +), count: 3))
    #expect(all.reduce(0, +) != all.reversed().reduce(0, +))
  }

  @Test(
    "A message arrives as it was sent, in one piece or two",
    arguments: [0, 1, 1007, 1008, 1009, 5000])
  func message(length: Int) {
    let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let results = ThreadRanks.run(3) { ranks in
      if ranks.isFirst {
        var message = RankMessage()
        message.write(bytes)
        message.write(0.25)
        message.write(Matrix(rows: 2, columns: 3, [1, 2, 3, 4, 5, 6]))
        ranks.send(message)
        return [true, true, true]
      }
      var message = ranks.receive()
      return [
        message.readArray(UInt8.self) == bytes, message.read(Double.self) == 0.25,
        message.readMatrix() == Matrix(rows: 2, columns: 3, [1, 2, 3, 4, 5, 6]),
      ]
    }
    #expect(results == Array(repeating: [true, true, true], count: 3))
  }

  @Test(
    "Matrices arrive as they were sent, small and large, and what lies between them",
    arguments: [[1, 1], [127, 129], [128, 128], [0, 7], [300, 200]])
  func matrices(shape: [Int]) {
    @Sendable func matrix(_ first: Int) -> Matrix {
      Matrix(
        rows: shape[0], columns: shape[1], (0..<shape[0] * shape[1]).map { Float(first + $0) })
    }
    let results = ThreadRanks.run(3) { ranks -> [Bool] in
      if ranks.isFirst {
        var message = RankMessage()
        message.write(matrix(1))
        message.write(0.25)
        message.write(matrix(2))
        ranks.send(message)
        ranks.send(message)
        return [true, true]
      }
      return (0..<2).map { _ in
        var message = ranks.receive()
        return message.readMatrix() == matrix(1) && message.read(Double.self) == 0.25
          && message.readMatrix() == matrix(2)
      }
    }
    #expect(results == Array(repeating: [true, true], count: 3))
  }

  @Test("A process alone has all there is")
  func local() {
    let local = LocalCollective()
    var values = [1.0, 2, 4]
    let sum = values.withUnsafeMutableBufferPointer {
      local.orderedSum($0.baseAddress!, bounds: [0, 3])
    }
    #expect(sum == 7)
    #expect(local.isFirst && local.size == 1)
  }

  @Test("A copy of a matrix is in the same memory until one of the two is changed")
  func sharedStorage() {
    let matrix = Matrix(rows: 2, columns: 2, [1, 2, 3, 4])
    var copy = matrix
    #expect(copy.sharesStorage(with: matrix))
    copy[0, 0] = 1
    #expect(!copy.sharesStorage(with: matrix))
    #expect(!Matrix(rows: 2, columns: 2, [1, 2, 3, 4]).sharesStorage(with: matrix))
  }
}
