import Testing

@Suite("The data of a nightly job") struct NightlyDataTests {
  @Test("do not stay in their file, which is said where it is asked for")
  func storage() throws {
    let problems = ScheduleText.problems(
      ScheduleText.small + "\nnightly: {}\n", overrides: ["data.storage=file"])
    try #require(problems.count == 1)
    #expect(
      problems.first?.contains("data.storage: storage: file is not for a nightly job") == true)
    #expect(ScheduleText.problems(ScheduleText.small, overrides: ["data.storage=file"]).isEmpty)
  }
}
