import Datasets
import Testing

@Suite("Numbers with separators between thousands")
struct GroupedNumberTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func complaint(
    _ text: String, _ columns: ColumnSettings = ColumnSettings(),
    decimal: CSVFormat.DecimalSign? = nil
  ) throws -> String? {
    let path = try folder.write("d.csv", text)
    return datasetError { () throws(DatasetError) in
      try CSVReader.dataset(
        path, format: CSVFormat(decimal: decimal), labels: [.last], columns: columns,
        task: .regression)
    }?.description.replacing("\(folder.path)/", with: "")
  }

  @Test(
    "are named as such, with the number written plainly",
    arguments: [
      ("157.000,0", "points", "157000.0"), ("1 234", "blanks", "1234"),
      ("1\u{A0}234\u{A0}567", "blanks", "1234567"), ("1\u{202F}234", "blanks", "1234"),
      ("1'234.5", "apostrophes", "1234.5"), ("-1\u{2019}234", "apostrophes", "-1234"),
      ("1,234,567", "commas", "1234567"), ("1,234.5", "commas", "1234.5"),
    ])
  func plain(text: String, separator: String, plain: String) throws {
    let complaint = try complaint("price;y\n\(text);1\n\(text);2\n5;3\n")
    let shown = text.replacing("\u{A0}", with: "\\u{00A0}").replacing("\u{202F}", with: "\\u{202F}")
    #expect(
      complaint
        == "d.csv: column \"price\" holds numbers with \(separator) between thousands (\"\(shown)\" in line 2 "
        + "and 1 other); write them plainly, as \(plain)")
  }

  @Test(
    "a comma that can be both is said to be, and one that can only be a decimal sign is that alone")
  func comma() throws {
    #expect(
      try complaint("price;y\n110,000;1\n120,000;2\n")
        == "d.csv: column \"price\" holds numbers with commas between thousands (\"110,000\" in line 2 and 1 "
        + "other); write them plainly, as 110000, or, if that is their decimal sign, write decimal: comma"
    )
    #expect(
      try complaint("price;y\n110,5;1\n120,000;2\n")
        == "d.csv: column \"price\" has numbers with a decimal comma (\"110,5\" in line 2); write decimal: comma"
    )
    #expect(
      try complaint("price;y\n1.234.567,5;1\n2,5;2\n7,5;2\n8,5;2\n", decimal: .comma)?
        .hasSuffix("(\"1.234.567,5\" in line 2); write them plainly, as 1234567,5") == true)
  }

  @Test("are no levels, and neither are numbers with the other decimal sign")
  func levels() throws {
    for text in [
      "price;y\n110,000;1\n120,000;2\n", "price;y\n1 234;1\n1 235;2\n", "p;y\n1,5;1\n2,5;2\n",
    ] {
      #expect(try complaint(text, ColumnSettings(oneHot: .error)) != nil)
    }
    #expect(try complaint("p;y\na;1\nb;2\n", ColumnSettings(oneHot: .error)) == nil)
  }

  @Test(
    "what only looks like it is text",
    arguments: ["1,23", "12,34,567", "0,123", "1234,567", "1,234-"])
  func others(text: String) throws {
    let found = try complaint("p;y\n\"\(text)x\";1\n\"\(text)z\";2\n")
    #expect(found?.contains("holds text") == true)
  }
}
