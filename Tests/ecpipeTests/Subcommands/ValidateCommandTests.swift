import Foundation
import RunFixtures
import Testing

@Suite("The summary of validate") struct ValidateCommandTests {
  // The mean of the four ages that the split leaves for training is 32.25.
  private static let people = """
    ;age;sex;deck;note;survived
    0;22,5;male;C;x;no
    1;38;female;;x;yes
    2;;female;E;x;yes
    3;35;female;;x;yes
    4;54;male;B;x;no
    5;2;male;C;x;yes
    """

  private static func schedule(_ data: String) -> String {
    """
    version: 1
    name: people
    data:
      csv: people.csv
      label: survived
      \(data)
      task: classification
      split: {validation: 2}
    model: {hidden: [4]}
    stages: [train: {epochs: 1}]
    """
  }

  @Test("rows, parts, columns with kind, range and missing values, classes, and what is odd")
  func table() throws {
    try Workplace.with { place in
      try place.write(Self.people, to: "people.csv")
      try place.write(
        Self.schedule("{decimal: comma, categorical: one_hot, missing: mean, ignore: note}".inside),
        to: "s.yaml")
      let outcome = try place.run("validate", "s.yaml")
      #expect(outcome.code == 0)
      #expect(
        outcome.output == """
          s.yaml: valid; 1 stage on 4 training samples

          people.csv: 6 rows, 6 columns, names in the first line, delimiter semicolon, decimal comma
            train: 4 rows
            validation: 2 rows

          4 input columns; the network takes 8 numbers a row:
            column       for     kind      values                                  missing
            0 (no name)  input   number    0 to 5
            age          input   number    2 to 54                1, 32.25 stands for them
            sex          input   2 levels  "female" "male"
            deck         input   4 levels  (missing) "B" "C" "E"                         2
            survived     target  class     see below

          left out: note

          2 classes:
            no: 2 rows
            yes: 4 rows

          note: people.csv: column 0 (no name) only numbers the rows, as pandas writes its index, and is an \
          input; add 0 to ignore to leave it out

          """)
    }
  }

  @Test("the same as fields")
  func json() throws {
    try Workplace.with { place in
      try place.write(Self.people, to: "people.csv")
      try place.write(
        Self.schedule("{decimal: comma, inputs: age, missing: drop}".inside), to: "s.yaml")
      let json = try JSONText(place.run("validate", "s.yaml", "--json").output)
      #expect(json.hasSortedNames)
      let data = try #require(json.object["data"] as? [String: Any])
      #expect(data["rows"] as? Int == 5 && data["width"] as? Int == 1)
      let inputs = try #require(data["inputs"] as? [[String: Any]])
      #expect(inputs.count == 1)
      #expect(inputs[0]["name"] as? String == "age" && inputs[0]["index"] as? Int == 1)
      #expect(inputs[0]["least"] as? Double == 2 && inputs[0]["most"] as? Double == 54)
      #expect(inputs[0]["missing"] as? Int == 1 && inputs[0]["kind"] as? String == "number")
      let classes = try #require(data["classes"] as? [[String: Any]])
      #expect(classes.map { $0["name"] as? String } == ["no", "yes"])
      #expect(classes.map { $0["rows"] as? Int } == [2, 3])
      let table = try #require(data["table"] as? [String: Any])
      #expect(table["delimiter"] as? String == "semicolon" && table["header"] as? Bool == true)
      #expect((data["notes"] as? [String])?.count == 1)
    }
  }

  @Test("wide tables are folded")
  func wide() throws {
    try Workplace.with { place in
      let header = (0..<790).map { "p\($0)" }.joined(separator: ",") + ",y"
      let rows = (0..<6).map { row in
        (0..<790).map { "\(row + $0)" }.joined(separator: ",") + ",\(row % 2)"
      }
      try place.write(([header] + rows).joined(separator: "\n"), to: "people.csv")
      try place.write(
        Self.schedule("").replacing("label: survived", with: "label: y"), to: "s.yaml")
      let outcome = try place.run("validate", "s.yaml")
      #expect(outcome.output.contains("\n790 input columns:\n"))
      #expect(outcome.output.contains("\n  and 770 more  input\n"))
      #expect(outcome.output.split(separator: "\n").count < 40)
    }
  }

  @Test("problems of a file stand below one another behind the place where the schedule names it")
  func problems() throws {
    try Workplace.with { place in
      try place.write("a,b,survived\n1,2,x\n,2,y\n3,z,x\n4,5,y\n", to: "people.csv")
      try place.write(Self.schedule(""), to: "s.yaml")
      let outcome = try place.run("validate", "s.yaml")
      #expect(outcome.code == 65 && outcome.output == "")
      #expect(
        outcome.errors == """
          ecpipe: s.yaml:4:8: data.csv: people.csv: there are 2 problems (lines are counted as an editor \
          counts them)
            line 3, column "a": the value is missing
            line 4, column "b": "z" is not a number
            for a missing value: fill it in, remove the row, or write missing: drop, mean or median
            for what is not a number: correct it or remove the row

          """)
    }
  }
}

extension String {
  /// The keys of a mapping in one line as lines of their own.
  fileprivate var inside: String {
    dropFirst().dropLast().components(separatedBy: ", ").joined(separator: "\n  ")
  }
}
