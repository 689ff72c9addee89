import Foundation
import ModelFiles
import TestSupport

/// C sources of a network, compiled with what stands beside Swift, and run on rows.
struct CompiledNetwork {
  /// Whether there is a compiler.
  static let isPossible = (try? Self.run("/usr/bin/env", ["clang", "--version"])) == 0

  private let folder: TemporaryFolder
  private let outputs: Int

  /// What is wrong with the sources.
  enum Problem: Error {
    case compiler(Int32)
    case program(Int32)
  }

  /// Compiles the sources, which are `net.c` and others, without a warning. One unit is compiled, because
  /// most of the time is taken by beginning a compiler.
  /// - Parameter element: of the working memory.
  init(_ files: [ExportedFile], outputs: Int, element: String) throws {
    folder = try TemporaryFolder()
    self.outputs = outputs
    for file in files { try folder.write(file.bytes, to: file.path) }
    try folder.write(
      """
      #include <stdio.h>
      #include "net.h"
      #include "net.c"
      int main(int count, char **words)
      {
          static float inputs[NET_INPUTS], outputs[NET_OUTPUTS];
          static \(element) scratch[NET_SCRATCH];
          FILE *from = fopen(words[1], "rb"), *to = fopen(words[2], "wb");
          if (count != 3 || !from || !to) {
              return 99;
          }
          while (fread(inputs, sizeof(float), NET_INPUTS, from) == NET_INPUTS) {
              net_run(inputs, outputs, scratch);
              fwrite(outputs, sizeof(float), NET_OUTPUTS, to);
          }
          fclose(from);
          fclose(to);
          return net_self_test();
      }

      """, to: "main.c")
    let code = try Self.run(
      "/usr/bin/env",
      [
        "clang", "-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion",
        "-DNET_SELF_TEST", folder.file("main.c"), "-o", folder.file("net"),
      ])
    guard code == 0 else { throw Problem.compiler(code) }
  }

  /// The outputs for rows of inputs.
  /// - Throws: `Problem.program` with the number of outputs that the program's own test finds wrong.
  func callAsFunction(_ rows: [[Float]]) throws -> [[Float]] {
    try folder.write(
      rows.flatMap { $0 }.flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
      }, to: "in")
    let code = try Self.run(folder.file("net"), [folder.file("in"), folder.file("out")])
    guard code == 0 else { throw Problem.program(code) }
    let bytes = try folder.read("out")
    let values = stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(
        bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
    }
    return stride(from: 0, to: values.count, by: outputs).map {
      Array(values[$0..<($0 + outputs)])
    }
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
