import CKernels

extension SampleBlock {
  /// Fills the block with the rows `indices` of sample-major `data` [rows, features]; every index must
  /// be a row of it. The indices' number becomes `count`.
  package mutating func gather(_ data: Matrix, rows indices: ArraySlice<Int32>, pool: WorkerPool) {
    precondition(data.columns == features, "\(features) features a sample")
    precondition(indices.allSatisfy { $0 >= 0 && $0 < data.rows }, "indices are rows of the data")
    use(indices.count)
    let (count, padded, stride, features) = (count, padded, stride, features)
    let tasks = RowTasks(rows: features, operationsPerRow: 8 * padded)
    data.withElements { source in
      indices.withUnsafeBufferPointer { index in
        values.withMutableElements { target in
          guard let out = target.baseAddress else { return }
          pool.run(tasks: tasks.count) { task, _ in
            let range = tasks.range(of: task)
            eck_gather(
              source.baseAddress, features, index.baseAddress, count, padded, stride,
              range.lowerBound, range.upperBound, out)
          }
        }
      }
    }
  }

  /// Writes the samples in use as rows `firstRow`… of sample-major `target` [rows, features].
  package func scatter(into target: inout Matrix, firstRow: Int) {
    precondition(target.columns == features && firstRow >= 0 && firstRow + count <= target.rows)
    let (count, stride, features) = (count, stride, features)
    values.withElements { block in
      target.withMutableElements { rows in
        guard let from = block.baseAddress, let to = rows.baseAddress, count > 0 else { return }
        eck_scatter(from, features, count, stride, to + firstRow * features)
      }
    }
  }
}
