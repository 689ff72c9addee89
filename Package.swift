// swift-tools-version: 6.2
import PackageDescription

// Every target holds to language mode 6 and to zero warnings.
let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let package = Package(
  name: "ecpipe",
  products: [
    .executable(name: "ecpipe", targets: ["ecpipe"]),
    // For programs that run a pruned network.
    .library(name: "PrunedNetwork", targets: ["PrunedNetwork"]),
  ],
  traits: [
    .trait(
      name: "MPI",
      description: "Trainings that the ranks of an MPI job share: mpirun -n 4 ecpipe run SCHEDULE.")
  ],
  dependencies: [
    // The command line: parsing, help, completion scripts.
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    // The schedule: YAML nodes with line and column marks.
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    // The documentation, from the catalog in Sources/ecpipe/ecpipe.docc: a command plugin. The second
    // is what the plugin uses, here so that its version does not float.
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-symbolkit", exact: "1.0.0"),
    // Other programs: hooks, pings, crontab, systemctl. It closes every descriptor, resets every signal and
    // starts by posix_spawn, which by hand is what goes wrong. Without Foundation, which it can do without.
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    // ONNX files are messages of protocol buffers. By hand, that is the code whose faults nobody has found
    // yet. Without its traits, which bring streams of Foundation and masks of fields.
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0", traits: []),
    // The pages of reports: templates that escape what they are given. It needs nothing else.
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
    // The paths of programs, with a version that does not float.
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    // SHA-256 of checkpoints, data and stage keys. The system's, because a package of the same would
    // build all of BoringSSL for it.
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // Debian's own choice of MPI, or ECPIPE_MPI=mpich or ompi. Nothing asks for it without the trait.
    .systemLibrary(
      name: "CMessagePassing", pkgConfig: Context.environment["ECPIPE_MPI"] ?? "mpi",
      providers: [.apt(["libopenmpi-dev"])]),
    .target(
      name: "CRanks",
      dependencies: [.target(name: "CMessagePassing", condition: .when(traits: ["MPI"]))],
      cSettings: [.treatAllWarnings(as: .error), .define("ECPIPE_MPI", .when(traits: ["MPI"]))]),
    .target(
      name: "MPIRanks",
      dependencies: ["NumericCore", .target(name: "CRanks", condition: .when(traits: ["MPI"]))]),
    .target(name: "CKernels", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "ProcessLimits"),
    .target(name: "NumericCore", dependencies: ["COpenBLAS", "CKernels", "ProcessLimits"]),
    .target(name: "Engine", dependencies: ["NumericCore", "CKernels", "ProcessLimits"]),
    .target(name: "NeuralNetworks", dependencies: ["Engine"]),
    .target(name: "Scheduler"),
    .target(name: "Pruning", dependencies: ["NeuralNetworks", "Scheduler"]),
    .target(name: "Storage", dependencies: ["CZstd", "CZlib", "CLibcrypto", "ProcessLimits"]),
    .target(
      name: "Programs",
      dependencies: [
        "Storage", .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "Cron", dependencies: ["Programs"]),
    .target(name: "Downloads", dependencies: ["Programs"]),
    .target(name: "Datasets", dependencies: ["NeuralNetworks", "Storage"]),
    // The messages of ONNX, generated.
    .target(
      name: "ONNXSchema",
      dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["README.md", "onnx.proto"]),
    .target(name: "Drafts", dependencies: ["Datasets", "Storage"]),
    .target(name: "ModelFiles", dependencies: ["NeuralNetworks", "Storage", "ONNXSchema"]),
    .target(name: "PrunedNetwork", dependencies: ["ModelFiles"]),
    .target(name: "Schedules", dependencies: ["Pruning", "Datasets", "ModelFiles", "Yams"]),
    .target(name: "Runs", dependencies: ["Schedules", "Benchmarking"]),
    .target(name: "Studies", dependencies: ["Runs"]),
    .target(name: "Nightly", dependencies: ["Runs", "Programs"]),
    .target(
      name: "Diagnosis",
      dependencies: ["NumericCore", "Cron", "CZlib", "CLibcrypto", "ProcessLimits"]),
    .target(name: "Benchmarking", dependencies: ["Pruning", "Storage", "CKernels"]),
    .target(
      name: "Reports",
      dependencies: [
        "Studies", "Nightly", .product(name: "Mustache", package: "swift-mustache"),
      ],
      // In the program itself, which stays one file.
      resources: ["page", "section", "figure", "legend", "table"].map {
        .embedInCode("Pages/Templates/\($0).mustache")
      }),
    .executableTarget(
      name: "ecpipe",
      dependencies: [
        "Reports", "Cron", "Downloads", "Programs",
        "Drafts", "Diagnosis", .target(name: "MPIRanks", condition: .when(traits: ["MPI"])),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        // Never built here: a dependency that nothing uses would be a warning at every build.
        .product(
          name: "SymbolKit", package: "swift-docc-symbolkit", condition: .when(platforms: [.wasi])),
      ]),

    .target(name: "TestSupport", dependencies: ["NumericCore"], path: "Tests/TestSupport"),
    .testTarget(
      name: "ProcessLimitsTests", dependencies: ["ProcessLimits", "Storage", "TestSupport"]),
    .testTarget(name: "NumericCoreTests", dependencies: ["NumericCore", "TestSupport"]),
    .testTarget(name: "EngineTests", dependencies: ["Engine", "NumericCore", "TestSupport"]),
    .testTarget(
      name: "NeuralNetworksTests",
      dependencies: ["NeuralNetworks", "Engine", "NumericCore", "TestSupport"],
      exclude: ["Golden"]),
    .testTarget(name: "StorageTests", dependencies: ["Storage", "TestSupport"]),
    .testTarget(name: "ProgramsTests", dependencies: ["Programs", "Storage", "TestSupport"]),
    .testTarget(name: "CronTests", dependencies: ["Cron", "TestSupport"], exclude: ["Golden"]),
    .testTarget(
      name: "DownloadsTests", dependencies: ["Downloads", "Programs", "Storage", "TestSupport"]),
    .testTarget(name: "SchedulerTests", dependencies: ["Scheduler", "TestSupport"]),
    .testTarget(
      name: "PruningTests",
      dependencies: [
        "Pruning", "Scheduler", "NeuralNetworks", "Engine", "NumericCore", "TestSupport",
      ],
      exclude: ["Golden"]),
    .testTarget(
      name: "DatasetsTests",
      dependencies: ["Datasets", "NeuralNetworks", "NumericCore", "Storage", "TestSupport"],
      exclude: ["Golden"]),
    .testTarget(
      name: "ModelFilesTests",
      dependencies: [
        "ModelFiles", "NeuralNetworks", "Engine", "NumericCore", "Storage", "TestSupport",
        "ONNXSchema",
      ],
      exclude: ["Golden"]),
    // Small schedules, runs, studies and model files that the tests of several targets use.
    .target(
      name: "RunFixtures", dependencies: ["Reports", "TestSupport"], path: "Tests/RunFixtures"),
    .testTarget(
      name: "PrunedNetworkTests",
      dependencies: [
        "PrunedNetwork", "ModelFiles", "NeuralNetworks", "Engine", "NumericCore", "RunFixtures",
        "TestSupport",
      ]),
    .testTarget(
      name: "SchedulesTests", dependencies: ["Schedules", "RunFixtures", "TestSupport"],
      exclude: ["Golden"]),
    .testTarget(
      name: "RunsTests", dependencies: ["Runs", "RunFixtures", "TestSupport"],
      exclude: ["Statistics/Golden"]),
    .testTarget(
      name: "StudiesTests", dependencies: ["Studies", "RunFixtures", "TestSupport"],
      exclude: ["Golden"]),
    .testTarget(
      name: "NightlyTests", dependencies: ["Nightly", "RunFixtures", "TestSupport"]),
    .testTarget(name: "DraftsTests", dependencies: ["Drafts", "TestSupport"]),
    .testTarget(name: "DiagnosisTests", dependencies: ["Diagnosis", "TestSupport"]),
    .testTarget(name: "BenchmarkingTests", dependencies: ["Benchmarking", "TestSupport"]),
    .testTarget(
      name: "ReportsTests", dependencies: ["Reports", "RunFixtures", "TestSupport"]),
    .testTarget(
      name: "ecpipeTests", dependencies: ["ecpipe", "RunFixtures", "TestSupport"],
      exclude: ["Golden"]),
  ]
)

// Above the engine nothing is unsafe: the compiler holds these to it.
let safe: Set = ["NeuralNetworks", "Scheduler", "Pruning"]

for target in package.targets
where target.type != .system && !["CKernels", "CRanks"].contains(target.name) {
  var settings = safe.contains(target.name) ? strict + [.strictMemorySafety()] : strict
  // What tests compute takes no time, and optimizing the code that asks for it takes a third of their build.
  if target.type == .test { settings.append(.unsafeFlags(["-Onone"])) }
  target.swiftSettings = (target.swiftSettings ?? []) + settings
}
