// swift-tools-version: 6.2
import PackageDescription

// A program of somebody else's that runs a pruned network: it depends on the library product alone.
let package = Package(
  name: "embedding",
  dependencies: [.package(name: "ecpipe", path: "../..")],
  targets: [
    .executableTarget(
      name: "embedding",
      dependencies: [.product(name: "PrunedNetwork", package: "ecpipe")])
  ]
)
