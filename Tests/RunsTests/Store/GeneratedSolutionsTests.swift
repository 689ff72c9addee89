import Datasets
import Foundation
import ModelFiles
import NumericCore
import RunFixtures
import Runs
import Storage
import TestSupport
import Testing

@Suite("Kept solutions of generators") struct GeneratedSolutionsTests {
  private let folder: TemporaryFolder
  private let generator = DiffusionSorption(times: 1, points: 4, samples: 2)

  init() throws { folder = try TemporaryFolder() }

  private func kept(isWritable: Bool = true) -> GeneratedSolutions {
    GeneratedSolutions(checkpoints: folder.path, isWritable: isWritable)
  }

  @Test("what is computed is kept, and taken from there the next time, whatever the noise")
  func kept() throws {
    let computed = kept().solutions(of: generator)
    #expect(computed == generator.solutions())
    let path = kept().path(of: generator)
    #expect(path.hasPrefix(folder.path + "/.cache/diffusion-sorption-"))
    let noisy = DiffusionSorption(times: 1, points: 4, samples: 2, noise: 0.01)
    #expect(kept().path(of: noisy) == path)
    let other = DiffusionSorption(times: 1, points: 4, samples: 2, seed: 1)
    #expect(kept().path(of: other) != path)

    // A file that is as it should be is believed: these are other numbers under the same settings.
    try replaceSolutions(by: Matrix(rows: 2, columns: 4, repeating: 0.5))
    #expect(
      kept().solutions(of: generator) == Matrix(rows: 2, columns: 4, repeating: 0.5))
    #expect(kept(isWritable: false).solutions(of: noisy)[1, 3] == 0.5)
  }

  @Test("what is unfinished, since somebody asks to stop, is not kept")
  func interrupted() {
    _ = kept().solutions(of: generator, isInterrupted: { true })
    #expect(FilePaths.entries(of: folder.path).isEmpty)
    #expect(kept().solutions(of: generator) == generator.solutions())
  }

  @Test("a file with any damaged byte is computed and written anew")
  func damaged() throws {
    let computed = kept().solutions(of: generator)
    let name = ".cache/" + FilePaths.name(of: kept().path(of: generator))
    let sound = try folder.read(name)
    // Every byte of data, and some of the header: its padding alone may change.
    for index in [0, 9, 40] + Array((sound.count - 32)..<sound.count) {
      var flipped = sound
      flipped[index] ^= 1
      try folder.write(flipped, to: name)
      #expect(kept().solutions(of: generator) == computed)
      #expect(try folder.read(name) == sound)
    }
    for count in [0, 7, sound.count - 1] {
      try folder.write(Array(sound[..<count]), to: name)
      #expect(kept().solutions(of: generator) == computed)
    }
    #expect(try folder.read(name) == sound)
  }

  @Test("another's file under the name is not taken")
  func foreign() throws {
    let computed = kept().solutions(of: generator)
    let other = DiffusionSorption(times: 1, points: 4, samples: 2, seed: 1)
    _ = kept().solutions(of: other)
    let names = [generator, other].map { ".cache/" + FilePaths.name(of: kept().path(of: $0)) }
    try folder.write(try folder.read(names[1]), to: names[0])
    #expect(kept().solutions(of: generator) == computed)
  }

  @Test("nothing is written where nothing may be, and a place that cannot be written is no error")
  func unwritable() throws {
    #expect(kept(isWritable: false).solutions(of: generator) == generator.solutions())
    #expect(FilePaths.entries(of: folder.path).isEmpty)
    try folder.write("a file, no folder", to: ".cache")
    #expect(kept().solutions(of: generator) == generator.solutions())
    #expect(try folder.text(".cache") == "a file, no folder")
  }

  private func replaceSolutions(by matrix: Matrix) throws {
    let data = TensorValues.bytes(matrix.elements)
    let header = try SafetensorsHeader(
      placing: [(name: "solutions", type: .f32, shape: [matrix.rows, matrix.columns])],
      metadata: [
        "settings": .string(generator.solutionSettings.canonical),
        "sha256": .string(Digest.sha256(data)),
      ])
    try folder.write(
      header.bytes + data, to: ".cache/" + FilePaths.name(of: kept().path(of: generator)))
  }
}
