import CKernels
import NumericCore

extension SampleBlock {
  /// p = softmax of the block's columns and q = 1 − p; q is summed from the other classes, so that it
  /// keeps its digits where p is near 1.
  package func softmax(p: inout SampleBlock, q: inout SampleBlock) {
    precondition(p.stride == stride && q.stride == stride)
    p.use(count)
    q.use(count)
    values.withElements { y in
      p.values.withMutableElements { p in
        q.values.withMutableElements { q in
          guard let y = y.baseAddress else { return }
          eck_softmax(features, padded, stride, y, p.baseAddress!, q.baseAddress!)
        }
      }
    }
  }
}
