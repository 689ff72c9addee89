import Datasets
import Drafts
import Testing

@Suite("What the columns of a table are taken for") struct TableGuessTests {
  @Test(
    "the target is the column with such a name, else the last one that can be predicted",
    arguments: [
      ("a,b,target", 2), ("target,a,b", 0), ("a,CLASS,b", 1), ("a,y,b", 1), ("a,b,c", 2),
      ("label,b,target", 2), ("class,b,target", 2),
    ])
  func target(header: String, column: Int) throws {
    let table = try TableFile(header) { "\($0 % 3),\($0 % 4),\($0 % 2)" }
    #expect(try table.guess().target.columns == [column])
  }

  @Test("the last column is passed over where there is nothing in it to learn")
  func lastIsUseless() throws {
    let same = try TableFile("a,b,c") { "\($0).5,\($0 % 2),7" }
    #expect(try same.guess().target.columns == [1])
    let different = try TableFile("a,b,c") { "\($0).5,\($0 % 2),note \($0)" }
    #expect(try different.guess().target.columns == [1])
    let guess = try different.guess()
    #expect(guess.roles[2] == .ignored("has 40 different texts in 40 rows, too many to learn from"))
  }

  @Test("columns y1, y2, … of numbers are several targets")
  func several() throws {
    let table = try TableFile("x,y1,y2,y_3") { "\($0).1,\($0).5,\($0 * 2).25,\($0).75" }
    let target = try table.guess().target
    #expect(target.columns == [1, 2, 3] && target.task == .regression)
  }

  @Test("and so are columns with a word for targets before their own; one alone is not")
  func severalByPrefix() throws {
    let table = try TableFile("x,target_height,target_weight") { "\($0).1,\($0).5,\($0 * 2).25" }
    #expect(try table.guess().target.columns == [1, 2])
    let one = try TableFile("target_height,x,price") { "\($0).1,\($0).5,\($0 * 2).25" }
    #expect(try one.guess().target.columns == [2])
    let words = try TableFile("outside,outdoor,yield,year") { "\($0).1,\($0).5,\($0).75,\($0).25" }
    #expect(try words.guess().target.columns == [3])
  }

  @Test("several columns are named with commas between them, unless one has that name")
  func labels() throws {
    let table = try TableFile("a,b,c") { "\($0).1,\($0).5,\($0).25" }.survey()
    #expect(table.selectors(["a, c"]) == [.name("a"), .name("c")])
    #expect(table.selectors(["0,last", "b"]) == [.index(0), .last, .name("b")])
    let odd = try TableFile("\"a,b\",c") { "\($0).1,\($0).5" }.survey()
    #expect(odd.selectors(["a,b"]) == [.name("a,b")])
  }

  @Test("of an unknown name the columns are told")
  func unknown() throws {
    let table = try TableFile("height,weight") { "\($0).1,\($0).5" }
    let error = #expect(throws: DatasetError.self) { try table.guess(labels: [.name("wieght")]) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains("did you mean \"weight\"?"))
    #expect(text.contains("columns are \"height\", \"weight\""))
  }

  /// A column, and what is to be learnt from it.
  struct Amounts: Sendable {
    let name: String
    let value: @Sendable (Int) -> String
    let task: LearningTask

    init(_ name: String, _ task: LearningTask, _ value: @escaping @Sendable (Int) -> String) {
      self.name = name
      self.task = task
      self.value = value
    }
  }

  private static let amounts: [Amounts] = [
    Amounts("y", .classification) { "\($0 % 2)" }, Amounts("y", .classification) { "c\($0 % 4)" },
    Amounts("y", .regression) { "\($0).5" }, Amounts("y", .regression) { "\($0 * 3)" },
    Amounts("class", .classification) { "\($0 % 8)" }, Amounts("y", .regression) { "\($0 % 19)" },
    Amounts("y", .classification) { "\($0 % 2).0" },
  ]

  @Test("text and few whole numbers are classes, others are amounts", arguments: amounts)
  func task(amounts: Amounts) throws {
    let table = try TableFile("x," + amounts.name) { "\($0).5," + amounts.value($0) }
    #expect(try table.guess().target.task == amounts.task)
  }

  @Test(
    "ids, empty columns, free text and numbers with odd text in them are left out, and why is said")
  func ignored() throws {
    let table = try TableFile("id,x,empty,mixed,big,y") { row in
      let mixed = row % 8 == 0 ? "odd\(row)" : "\(row).5"
      return "\(row + 100),\(row).5,,\(mixed),\"1,\(200 + row)\",\(row % 2)"
    }
    let roles = try table.guess().roles
    #expect(roles[0] == .ignored("only numbers the rows"))
    #expect(roles[1] == .number)
    #expect(roles[2] == .ignored("has no value in any row"))
    #expect(roles[3] == .ignored("has text among its numbers, such as \"odd0\""))
    #expect(
      roles[4]
        == .ignored(
          "has numbers with separators between thousands or another decimal sign; write them plainly"
        ))
    #expect(roles[5] == .target)
  }

  @Test("a number that counts the rows is left out only as the first column or by its name")
  func counting() throws {
    let first = try TableFile("n,x,y") { "\($0),\($0).5,\($0 % 2)" }
    #expect(try first.guess().roles[0] == .ignored("only numbers the rows"))
    let later = try TableFile("x,n,y") { "\($0).5,\($0),\($0 % 2)" }
    #expect(try later.guess().roles[1] == .number)
    let nameless = try TableFile(nil) { "\($0),\($0).5,\($0 % 2)" }
    #expect(try nameless.guess().roles[0] == .ignored("only numbers the rows"))
    #expect(try !nameless.survey().header)
  }

  @Test("missing inputs are filled, rows without a target are left out")
  func missing() throws {
    let none = try TableFile("x,y") { "\($0).5,\($0 % 2)" }
    #expect(try none.guess().missing == nil)
    let input = try TableFile("x,z,y") { "\($0 % 9 == 0 ? "NA" : "\($0).5"),\($0),\($0 % 2)" }
    #expect(try input.guess().missing == .inputs)
    #expect(try input.guess().markers == nil)
    let target = try TableFile("x,z,y") { row in
      "\(row).5,\(row % 2 == 0 ? "" : "\(row).5"),\(row % 9 == 0 ? "" : "\(row % 2)")"
    }
    let guess = try target.guess()
    #expect(guess.missing == .both && guess.roles[1] == .number)
    let alone = try TableFile("x,z,y") { "\($0).5,\($0),\($0 % 9 == 0 ? "" : "\($0 % 2)")" }
    #expect(try alone.guess().missing == .targets)
  }

  @Test(
    "a single odd text among many numbers stands for nothing, beside the usual words that occur")
  func markers() throws {
    let table = try TableFile("x,z,y") { row in
      let x = row % 10 == 0 ? "-" : row % 10 == 1 ? "n/a" : "\(row).5"
      return "\(x),\(row),\(row % 2)"
    }
    let guess = try table.guess()
    #expect(guess.roles[0] == .number && guess.missing == .inputs)
    #expect(guess.markers == ["-", "n/a"])
  }

  @Test("columns of dates are left out, whatever their order and however few there are")
  func dates() throws {
    let table = try TableFile("day,number,month,x,y") { row in
      "\(row % 28 + 1).\(row % 12 + 1).2024,\(20_240_101 + row % 9),2024-0\(row % 3 + 1),\(row).5,\(row % 2)"
    }
    let guess = try table.guess()
    #expect(guess.dates.map(\.name) == ["day", "number", "month"])
    #expect(guess.roles[3...] == [.number, .target])
    let last = try TableFile("x,y,when") { "\($0).5,\($0 % 2),2024-01-0\($0 % 3 + 1) 10:30" }
    #expect(try last.guess().target.columns == [1])
  }

  @Test("where the target was chosen by its place, the number before it may be one as well")
  func neighbour() throws {
    let both = try TableFile("a,heat,cool") { "\($0),\($0).5,\($0 * 2).25" }
    #expect(try both.guess().target.neighbour == 1)
    #expect(try both.guess(labels: [.last]).target.neighbour == nil)
    let named = try TableFile("a,heat,target") { "\($0),\($0).5,\($0 * 2).25" }
    #expect(try named.guess().target.neighbour == nil)
    let counted = try TableFile("a,n,cool") { "\($0).5,\($0 % 7),\($0 * 2).25" }
    #expect(try counted.guess().target.neighbour == nil)
  }

  @Test("decimal commas are found, and text columns have levels")
  func european() throws {
    let table = try TableFile("x;city;y") { "\($0),25;\(["Rom", "Ulm"][$0 % 2]);\($0),5" }
    let guess = try table.guess()
    #expect(guess.survey.decimal == .comma && guess.survey.delimiter == .semicolon)
    #expect(guess.roles == [.number, .levels(2), .target] && guess.width == 3)
    #expect(guess.target.task == .regression)
  }

  @Test("what the command line says counts, and what cannot be learnt is refused")
  func said() throws {
    let table = try TableFile("a,b,c") { "\($0).5,\($0 % 2),\($0 % 3)" }
    #expect(try table.guess(labels: [.name("b")]).target.columns == [1])
    #expect(try table.guess(labels: [.index(2)], task: .regression).target.task == .regression)
    func refusal(_ labels: [ColumnSelector], _ task: LearningTask? = nil) -> String? {
      do {
        _ = try table.guess(labels: labels, task: task)
        return nil
      } catch {
        return "\(error)".replacing(table.path, with: "t.csv")
      }
    }
    #expect(
      refusal([.name("bb")])
        == "t.csv: there is no column \"bb\"; did you mean \"b\"? The columns are \"a\", \"b\", \"c\""
    )
    #expect(refusal([.index(3)]) == "t.csv: there is no column 3; there are 3, counted from 0")
    #expect(
      refusal([.name("a")], .classification)
        == "t.csv: column \"a\" has numbers with fractions, and no classes")
    #expect(
      refusal([.name("a"), .name("b")], .classification)?.contains("classes have one") == true)
    #expect(
      refusal([.name("a"), .name("b"), .name("c")])
        == "t.csv: all 3 columns are targets, so there is none to predict from; leave some out of --label"
    )
    #expect(
      refusal([.name("a"), .index(0)])
        == "t.csv: --label names column \"a\" twice; name each target once")
  }

  @Test(
    "a first column that counts the rows from any number is no input, nor are numbers of that name; years are"
  )
  func numbered() throws {
    let guess = try TableFile("sample,x,listing_id,y", rows: 60) {
      "\(10_000 + $0),\($0 * 7 % 31).5,\(5 + 3 * $0),\($0 % 3).5"
    }.guess()
    let ignored = TableGuess.Role.ignored("only numbers the rows")
    #expect(guess.roles == [ignored, .number, ignored, .target])
    let years = try TableFile("year,x,y", rows: 60) {
      "\(1950 + $0),\($0 * 7 % 31).5,\($0 % 3).5"
    }.guess()
    #expect(years.roles[0] == .number)
  }

  @Test("a number that may stand for a missing value is found with a decimal comma, too")
  func commas() throws {
    let table = try TableFile("x;y", rows: 60) {
      "\($0 % 20 == 0 ? "-999,0" : "\($0 % 9),5");\($0 % 3),25"
    }
    let column = try #require(try table.survey().columns.first)
    #expect(column.suspect.map { "\($0.text) \($0.rows)" } == "-999,0 3")
  }
}
