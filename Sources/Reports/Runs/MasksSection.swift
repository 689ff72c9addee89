import Storage

/// What the first layer looks at.
struct MasksSection {
  let report: RunReport

  var section: Page.Section? {
    guard let pictures = report.masks else { return nil }
    var units = PageTable(
      "masks", "Pixels that each of these units reads",
      [.init(title: "unit", name: "unit"), .init(title: "pixels", name: "pixels")])
    units.rows = pictures.units.map { [.count($0.number), .count($0.count)] }
    var readers = PageTable(
      "readers", "Units that read each row of pixels",
      [
        .init(title: "row of pixels", name: "row"), .init(title: "reads", name: "reads"),
        .init(title: "pixels that nothing reads", name: "unread"),
      ])
    let columns = pictures.image.columns
    readers.rows = (0..<pictures.image.rows).map { row in
      let own = pictures.readers[(row * columns)..<((row + 1) * columns)]
      return [.count(row), .count(own.reduce(0, +)), .count(own.count { $0 == 0 })]
    }
    return Page.Section(
      id: "masks", heading: "What the first layer looks at",
      paragraphs: [
        "Inputs are images of \(pictures.image.rows) × \(pictures.image.columns) pixels. A pixel that no unit "
          + "reads makes no difference to any output."
      ],
      blocks: [
        .figures([Page.Figure(chart: ReadersChart(pictures: pictures), table: readers)]),
        .figures([Page.Figure(chart: MaskChart(pictures: pictures), table: units, isWide: true)]),
      ])
  }
}
