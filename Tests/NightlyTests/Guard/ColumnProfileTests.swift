import Nightly
import Testing

@Suite("How the values of a column are distributed") struct ColumnProfileTests {
  /// `value` as it comes back from a scale that is fitted to float32.
  private func rounded(_ value: Double, shift: Double, spread: Double) -> Double {
    Double(Float((value - shift) / spread)) * spread + shift
  }

  @Test("whole numbers stay in their bins when another night's scale rounds them")
  func rounding() {
    let values = (0..<1200).map { Double($0 % 6 + 1) }
    let then = ColumnProfile(
      name: "rooms", numbers: values.map { rounded($0, shift: 3.5, spread: 1.7078) })
    for shift in [3.487, 3.5, 3.512] {
      for spread in [1.69, 1.7071, 1.7125] {
        let now = then.like(values.map { rounded($0, shift: shift, spread: spread) })
        #expect(now.counts == then.counts)
        #expect(then.stabilityIndex(of: now) == 0)
      }
    }
    #expect(then.counts == Array(repeating: 200, count: 6))
  }

  @Test("one value has one bin, none has one that is empty")
  func few() {
    #expect(ColumnProfile(name: "a", numbers: [2, 2, 2]).counts == [3])
    #expect(ColumnProfile(name: "a", numbers: []).counts == [0])
    #expect(ColumnProfile(name: "a", numbers: [1, 2]).counts == [1, 1])
  }
}
