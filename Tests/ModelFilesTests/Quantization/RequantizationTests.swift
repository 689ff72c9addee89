import ModelFiles
import Testing

@Suite("Requantization") struct RequantizationTests {
  /// Sum, multiplier, shift to the right and result: `arm_nn_requantize` of CMSIS-NN (arm_nnsupportfunctions.h,
  /// revision 11.0.0), compiled by gcc 12 for x86-64.
  private static let golden: [(Int32, Int32, Int32, Int32)] = [
    (0, 2_147_483_647, 8, 0), (1, 2_147_483_647, 1, 1), (1, 1_431_655_765, 0, 1),
    (-1, 1_073_741_824, 1, 0), (-1, 2_147_483_647, 0, -1), (-1, 77, 7, 0),
    (2, -1_288_490_189, 2, 0), (-2, 1_518_500_250, 1, -1), (-2, 2_147_483_647, 30, 0),
    (3, 1_518_500_250, 13, 0), (-3, 1_518_500_250, 2, -1), (7, 1_518_500_250, 1, 3),
    (-7, 1_518_500_250, 0, -5), (255, 2_147_483_647, 7, 2), (255, 1_431_655_765, 8, 1),
    (255, -1_288_490_189, 7, -1), (-255, 2_147_483_647, 2, -64), (-255, -1_288_490_189, 7, 1),
    (1_000, 1_073_741_824, 8, 2), (1_000, -1_288_490_189, 1, -300),
    (-1_000, 1_073_741_824, 2, -125), (-1_000, 1_518_500_250, 1, -354), (-1_000, 77, 0, 0),
    (32_385, 1_073_741_824, 0, 16_193), (-32_385, 1_073_741_824, 0, -16_192),
    (-32_385, 2_147_483_647, 1, -16_193), (-32_385, 2_147_483_647, 8, -127),
    (-32_385, -1_288_490_189, 2, 4_858), (123_456, 1_073_741_824, 7, 482),
    (-123_456, 1_431_655_765, 1, -41_152), (2_147_483_647, 1_073_741_824, 8, 4_194_304),
    (2_147_483_647, -1_288_490_189, 7, -10_066_330),
    (-2_147_483_647, 1_518_500_250, 2, -379_625_062),
    (-2_147_483_647, 1_431_655_765, 13, -174_763), (-2_147_483_647, -1_288_490_189, 2, 322_122_547),
    (1_073_741_824, 77, 1, 20), (-5, 1_073_741_824, 1, -1), (-3, 1_073_741_824, 1, -1),
    (1, 1_073_741_824, 1, 1), (5, 1_073_741_824, 1, 2),
  ]

  @Test("rounds as CMSIS-NN does")
  func golden() {
    for (sum, multiplier, shift, expected) in Self.golden {
      let value = Requantization.value(sum, multiplier: multiplier, shift: shift)
      #expect(value == expected, "\(sum) \(multiplier) \(shift)")
    }
  }

  @Test(
    "multipliers and shift stand for their factors",
    arguments: [
      [0.999_999_999], [0.5, -0.25, 0], [1e-3, 2e-5], [1e-12], [0], [-0.75, 0.1],
    ])
  func parts(factors: [Double]) {
    let (multipliers, shift) = Requantization.parts(of: factors)
    #expect((0...30).contains(shift))
    for (factor, multiplier) in zip(factors, multipliers) {
      let value = Double(multiplier) / 2_147_483_648 / Double(Int64(1) << Int64(shift))
      // Half a step of the multiplier at this shift.
      #expect(abs(value - factor) <= 0.5 / 2_147_483_648 / Double(Int64(1) << Int64(shift)) + 5e-10)
    }
    let largest = factors.reduce(0) { max($0, abs($1)) }
    if largest > 1e-9 { #expect(multipliers.contains { abs(Int64($0)) >= 1 << 30 }) }
  }
}
