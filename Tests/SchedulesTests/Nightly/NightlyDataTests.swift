import Testing

@Suite("The data of a nightly job") struct NightlyDataTests {
  @Test(
    "do not stay in their file, and are not divided among ranks, which is said where it is asked for",
    arguments: [("storage", "file"), ("shard", "true")])
  func storage(key: String, value: String) throws {
    let problems = ScheduleText.problems(
      ScheduleText.small + "\nnightly: {}\n", overrides: ["data.\(key)=\(value)"])
    try #require(problems.count == 1)
    #expect(
      problems.first?.contains("data.\(key): \(key): \(value) is not for a nightly job") == true)
    #expect(
      ScheduleText.problems(ScheduleText.small, overrides: ["data.\(key)=\(value)"]).isEmpty)
  }
}
