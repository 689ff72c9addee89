import Benchmark
import NumericCore

/// One benchmark for each kernel; what a regression is, the thresholds of the plugin say.
let benchmarks: @Sendable () -> Void = {
  for workload in KernelWorkload.all {
    Benchmark(
      workload.name,
      configuration: .init(
        metrics: [.wallClock, .cpuTotal, .throughput], warmupIterations: 3,
        maxDuration: .seconds(2))
    ) { benchmark in
      let kernel = workload.prepare()
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { kernel() }
    }
  }
}
