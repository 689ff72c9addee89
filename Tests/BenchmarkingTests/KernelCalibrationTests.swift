import Engine
import NumericCore
import Storage
import Testing
import Benchmarking

@Suite("Calibration of the kernel table")
struct KernelCalibrationTests {
  private func row(_ ratios: [Double]) -> KernelCalibration.Row {
    KernelCalibration.Row(shape: .init(width: 64, batch: 16), ratios: ratios)
  }

  @Test("The crossing lies between the densities around it")
  func crossing() {
    // Densities 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6.
    #expect(abs(row([0.1, 0.2, 0.4, 0.7, 0.9, 1.1, 1.4]).crossing - 0.45) < 1e-12)
    #expect(abs(row([0.1, 0.2, 0.4, 0.7, 1, 1.2, 1.4]).crossing - 0.4) < 1e-12)
    #expect(row([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]).crossing == 0.6)
    #expect(row([2, 3, 4, 5, 6, 7, 8]).crossing == 0.05)
  }

  @Test("The density is the lowest crossing, down to a multiple of 0.05")
  func density() {
    let late = row([0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 1])
    let early = row([0.1, 0.2, 0.4, 0.7, 0.97, 1.21, 1.45])
    #expect(KernelCalibration(set: .plain, rows: [late, early]).density == 0.4)
    #expect(KernelCalibration(set: .plain, rows: [late]).density == 0.6)
  }

  @Test("The committed tables are what their own figures calibrate to")
  func committed() {
    // The rows of the doc comment at `KernelTable.committed`.
    let wide = [
      [0.29, 0.34, 0.46, 0.58, 0.70, 0.80, 0.91], [0.17, 0.27, 0.48, 0.70, 0.97, 1.21, 1.45],
      [0.13, 0.22, 0.38, 0.58, 0.76, 0.98, 1.23], [0.09, 0.20, 0.43, 0.72, 0.98, 1.18, 1.50],
      [0.11, 0.22, 0.46, 0.72, 0.98, 1.28, 1.70],
    ]
    let middle = [
      [0.31, 0.29, 0.42, 0.53, 0.65, 0.76, 0.89],
      [0.17, 0.28, 0.52, 0.77, 1.02, 1.28, 1.58],
      [0.12, 0.21, 0.36, 0.51, 0.66, 0.83, 1.03],
      [0.09, 0.22, 0.44, 0.69, 0.95, 1.20, 1.42],
      [0.10, 0.18, 0.35, 0.53, 0.72, 0.95, 1.11],
    ]
    let narrow = [
      [0.19, 0.29, 0.35, 0.44, 0.56, 0.64, 0.76],
      [0.12, 0.20, 0.34, 0.50, 0.65, 0.82, 1.02],
      [0.10, 0.16, 0.28, 0.40, 0.54, 0.71, 0.76],
      [0.08, 0.15, 0.29, 0.47, 0.64, 0.76, 1.05],
      [0.08, 0.15, 0.29, 0.46, 0.59, 0.71, 0.86],
    ]
    let cases: [(InstructionSet, [[Double]])] = [
      (.avx512, wide), (.avx2, middle), (.plain, narrow),
    ]
    for (set, ratios) in cases {
      let calibration = KernelCalibration(set: set, rows: ratios.map(row))
      #expect(calibration.density == KernelTable.committed(for: set).density)
    }
  }

  @Test("A measurement has a positive ratio for every density, and JSON that says so")
  func measurement() throws {
    var shapes: [KernelCalibration.Shape] = []
    let calibration = KernelCalibration.measure(
      seconds: 0.01, shapes: [.init(width: 32, batch: 16)]
    ) { shapes.append($0) }
    #expect(shapes == [.init(width: 32, batch: 16)])
    #expect(calibration.rows[0].ratios.allSatisfy { $0 > 0 && $0.isFinite })
    let json = try JSONValue(parsing: calibration.json.readable)
    #expect(try json.integer(at: "format") == 1)
    #expect(try json.number(at: "density") == calibration.density)
    #expect(try json.array(at: "densities").count == KernelCalibration.densities.count)
    let rows = try json.array(at: "rows")
    #expect(try rows[0].integer(at: "width") == 32)
    #expect(try rows[0].array(at: "ratios").count == KernelCalibration.densities.count)
  }
}
