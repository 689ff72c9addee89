import Testing

@Suite("ecpipe report") struct ReportCommandTests {
  @Test(
    "numbers beside the page take the place of nothing but a report's",
    arguments: ["page.csv", "page.json"])
  func companions(name: String) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      try place.write("{\"a\": 1}", to: name)
      let refused = try place.run("report", "small", "--output", "page.html")
      #expect(refused.code == 64)
      #expect(
        refused.errors
          == "ecpipe: --output page.html: the numbers of the page would go to \(name), which is there "
          + "already and is no report's; choose another name with --output\n")
      #expect(try place.text(name) == "{\"a\": 1}")
      for _ in 0..<2 {
        #expect(try place.run("report", "small", "--output", "other.html").code == 0)
      }
    }
  }
}
