import Engine
import NumericCore
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Runs on generated data") struct GeneratedRunTests {
  private static let schedule = """
    version: 1
    name: tiny
    seed: 7
    data:
      generate: {diffusion_sorption: {times: 2, points: 4, samples: 10, seed: 3}}
      task: regression
      split: {validation: 0.2, test: 3}
      scale: standard
    model: {hidden: [6], activation: tanh}
    training: {batch: 8}
    stages:
      - train: {epochs: 2}
      - prune: {to: 0.5}
      - evaluate: {part: test}
    """

  private func cacheFiles(_ fixture: RunFixture) -> [String] {
    FilePaths.entries(of: fixture.folder.file("runs/.cache"))
  }

  @Test("a plan is made without computing or writing anything")
  func plan() throws {
    let fixture = try RunFixture(Self.schedule)
    let plan = try fixture.session().preview().plan
    #expect(plan.facts.inputs == 8 && plan.facts.outputs == 1 && plan.facts.classes.isEmpty)
    // Samples of eight rows: two for validation, three for the test.
    #expect(plan.facts.trainingSamples == 40)
    #expect(plan.facts.validationSamples == 16 && plan.facts.testSamples == 24)
    #expect(!FilePaths.exists(fixture.folder.file("runs")))
  }

  @Test("what the plan says of the data is what is computed")
  func facts() throws {
    let fixture = try RunFixture(Self.schedule)
    let (plan, data) = try fixture.session().planAndData()
    #expect(data.training.inputs.columns == plan.facts.inputs)
    #expect(data.training.count == plan.facts.trainingSamples)
    #expect(data.validation?.count == plan.facts.validationSamples)
    #expect(data.test?.count == plan.facts.testSamples)
  }

  @Test("no sample of the parameters is in two parts")
  func parts() throws {
    let fixture = try RunFixture(Self.schedule)
    let (_, data) = try fixture.session().planAndData()
    // D tells the samples apart.
    let samples = [data.training, data.validation, data.test].compactMap { $0 }.map { part in
      Set(part.indices.map { part.inputs[Int($0), 0] })
    }
    #expect(samples.map(\.count) == [5, 2, 3])
    #expect(samples.reduce(Set()) { $0.union($1) }.count == 10)
  }

  @Test("a run keeps the solutions, and another run of the same data takes them")
  func kept() throws {
    let fixture = try RunFixture(Self.schedule)
    let first = try fixture.run()
    #expect(first.manifest.stages.count == 3)
    let files = cacheFiles(fixture)
    #expect(files.count == 1 && files[0].hasPrefix("diffusion-sorption-"))
    let checkpoints = try fixture.checkpoints()
    let before = try fixture.folder.states(of: "runs/.cache")
    try fixture.run { $0.fresh = true }
    #expect(try fixture.folder.states(of: "runs/.cache") == before)
    #expect(try fixture.differences(from: checkpoints) == [])
    // Noise is another data set with the same solutions.
    let noisy = try fixture.run {
      $0.overrides = ["data.generate.diffusion_sorption.noise=0.01"]
    }
    #expect(cacheFiles(fixture) == files)
    #expect(noisy.plan.facts.digest != first.plan.facts.digest && noisy.computed == 3)
  }

  @Test("a damaged file of solutions changes nothing but the time it takes")
  func damaged() throws {
    let fixture = try RunFixture(Self.schedule)
    try fixture.run()
    let checkpoints = try fixture.checkpoints()
    let name = "runs/.cache/" + cacheFiles(fixture)[0]
    var bytes = try fixture.folder.read(name)
    bytes[bytes.count - 2] ^= 0x40
    try fixture.folder.write(bytes, to: name)
    try fixture.run { $0.fresh = true }
    #expect(try fixture.differences(from: checkpoints) == [])
  }

  @Test("a run that is done does nothing, and its result can be measured")
  func again() throws {
    let fixture = try RunFixture(Self.schedule)
    let first = try fixture.run()
    #expect(try fixture.run().computed == 0)
    let measured = try ModelEvaluation(
      checkpoint: fixture.run.result, surroundings: .still
    ).metrics(on: .test, pool: WorkerPool(threadCount: 1)).metrics
    #expect(measured.metrics == first.manifest.stages.last?.metrics[0].metrics)
  }

  @Test("a share that no sample is enough for says what it counts")
  func share() throws {
    let fixture = try RunFixture(
      Self.schedule.replacing("validation: 0.2, test: 3", with: "validation: 8, test: 2"))
    #expect {
      try fixture.session().preview()
    } throws: { error in
      "\(error)".hasSuffix(
        ": data.split: 8 parameter samples for validation and 2 for test leave none of 10 for training; "
          + "make them smaller")
    }
  }
}
