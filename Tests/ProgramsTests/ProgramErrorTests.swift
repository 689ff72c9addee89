import Glibc
import Programs
import TestSupport
import Testing

@MainActor @Suite("ProgramError", .early, .timeLimit(.minutes(1))) struct ProgramErrorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Why `name` is not started.
  private func failure(
    _ name: String, _ words: [String] = [],
    environment: [String: String] = ["PATH": "/usr/bin:/bin"], folder: String? = nil
  ) throws -> ProgramError {
    try #require(throws: ProgramError.self) {
      try Program(name, words, environment: environment, folder: folder, limit: .seconds(600)).run()
    }
  }

  @Test("a program that is not there is named, with where it was looked for")
  func missing() throws {
    let byName = try failure("no-such-program")
    #expect(byName.reason == .missing && byName.isMissing)
    #expect("\(byName)" == "no-such-program: there is no such program in PATH (/usr/bin:/bin)")
    let byPath = try failure(folder.file("gone"))
    #expect(byPath.reason == .missing)
    #expect("\(byPath)" == "\(folder.file("gone")): there is no such program")
  }

  @Test("a relative path counts from the folder that the program runs in")
  func relative() throws {
    try ScriptFile.write("#!/bin/sh\npwd\n", to: folder.file("here.sh"))
    let outcome = try Program(
      "./here.sh", environment: [:], folder: folder.path, limit: .seconds(600)
    ).run()
    #expect(outcome.outputText == folder.path + "\n")
  }

  @Test("a file that is no program, and a script without its interpreter, are told apart")
  func notExecutable() throws {
    try folder.write("text", to: "plain")
    let plain = try failure(folder.file("plain"))
    #expect(plain.reason == .notExecutable && plain.isMissing)
    #expect(
      "\(plain)"
        == "\(folder.file("plain")): this is not a program that may be run; see chmod +x")
    #expect(try failure(folder.path).reason == .notExecutable)
    try ScriptFile.write("#!/no/such/shell\n", to: folder.file("script"))
    let script = try failure(folder.file("script"))
    #expect(script.reason == .noInterpreter && script.isMissing)
    #expect(
      "\(script)"
        == "\(folder.file("script")): the program that its first line (#!) names is not there")
    try ScriptFile.write("text", to: folder.file("odd"))
    let odd = try failure(folder.file("odd"))
    #expect("\(odd)".hasSuffix("cannot be started: Exec format error") && !odd.isMissing)
  }

  @Test("a folder that is not there is what is wrong, not the program")
  func noFolder() throws {
    let error = try failure("true", folder: folder.file("gone"))
    #expect(error.reason == .noFolder && error.isMissing)
    #expect(
      "\(error)"
        == "true: the folder \(folder.file("gone")) that it is to run in cannot be entered")
  }

  @Test("what no program can be given is refused, not cut short")
  func invalid() throws {
    #expect(try failure("true", ["a\0b"]).reason == .invalid)
    #expect(try failure("").reason == .invalid)
    #expect(try failure("true", environment: ["A=B": ""]).reason == .invalid)
    let error = try failure("true", environment: ["A": "\0"])
    #expect(
      "\(error)" == "true: a program, its words and its variables hold no null byte, and names of "
        + "variables no =")
  }
}
