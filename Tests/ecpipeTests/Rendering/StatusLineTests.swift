import Testing
import ecpipe

@Suite("A line of a running job")
struct StatusLineTests {
  private let fields: [StatusLine.Field] = [
    .init(.position, "[ 3/14]"), .init(.name, "alternate/03/finetune"), .init(barUpTo: 0.5),
    .init(.epoch, "epoch 12/30"), .init(.loss, "loss 0.1234"),
    .init(.metric, "accuracy 95.21 %"), .init(.speed, "12,345 samples/s"),
    .init(.stageLeft, "stage 40 s"), .init(.jobLeft, "12 min left"),
  ]

  private func text(_ width: Int?) -> String { StatusLine(fields).text(width: width) }

  @Test(
    "says as much as fits",
    arguments: [
      (40, "[ 3/14] …3/finetune  ━━━───  epoch 12/30"),
      (60, "[ 3/14] …rnate/03/finetune  ━━━───  epoch 12/30  12 min left"),
      (
        80,
        "[ 3/14] …ternate/03/finetune  ━━━───  epoch 12/30  accuracy 95.21 %  12 min left"
      ),
      (
        120,
        "[ 3/14] …nate/03/finetune  ━━━───  epoch 12/30  loss 0.1234  accuracy 95.21 %  "
          + "12,345 samples/s  stage 40 s  12 min left"
      ),
    ])
  func lines(width: Int, line: String) {
    #expect(text(width) == line)
  }

  @Test("never has more cells than the width, from 40 to 120", arguments: 40...120)
  func widths(width: Int) {
    #expect(text(width).displayWidth <= width)
  }

  @Test("leaves out fields in the stated order, and none that would fit", arguments: 40...120)
  func order(width: Int) {
    let kept = StatusLine(fields).pieces(width: width).map(\.role)
    let gone = StatusLine.Role.allCases.filter { role in
      fields.contains { $0.role == role } && !kept.contains(role)
    }
    let order = StatusLine.dropped.filter { role in fields.contains { $0.role == role } }
    #expect(Set(gone) == Set(order.prefix(gone.count)))
    // They stand in their order.
    #expect(kept == kept.sorted { $0.rawValue < $1.rawValue })
    if let last = order.prefix(gone.count).last {
      let more = fields.filter { kept.contains($0.role) || $0.role == last }
      let least = StatusLine(more).pieces(width: 10_000).map { piece in
        let cells =
          switch piece.role {
          case .name: StatusLine.leastName
          case .bar: StatusLine.barWidths.lowerBound
          default: piece.text.displayWidth
          }
        return cells + StatusLine.distance(before: piece.role)
      }
      #expect(least.reduce(0, +) - StatusLine.distance(before: .position) > width)
    }
  }

  @Test(
    "texts stay whole but for the name, whose end says more than its beginning", arguments: 40...120
  )
  func whole(width: Int) {
    for piece in StatusLine(fields).pieces(width: width) where piece.role != .bar {
      let full = fields.first { $0.role == piece.role }?.text ?? ""
      #expect(
        piece.text == full
          || piece.role == .name && piece.text.first == "…"
            && full.hasSuffix(piece.text.dropFirst())
      )
    }
  }

  @Test("the bar takes what is to spare, and is as full as the share")
  func bar() {
    let short = [StatusLine.Field(.position, "[1/2]"), .init(.name, "a"), .init(barUpTo: 0.25)]
    #expect(StatusLine(short).text(width: 17) == "[1/2] a  ━━──────")
    #expect(StatusLine(short).text(width: 200).filter { "━─".contains($0) }.count == 24)
    for (share, filled) in [(-1.0, 0), (0, 0), (0.999, 23), (1, 24), (7, 24)] {
      let line = StatusLine([.init(barUpTo: share)])
      #expect(line.pieces(width: 200).first?.filled == filled)
    }
  }

  @Test("wide characters count as two cells")
  func wide() {
    let line = StatusLine([
      .init(.position, "[1/1]"), .init(.name, "訓練訓練訓練訓練"), .init(.epoch, "epoch 1/2"),
    ])
    #expect(line.text(width: 30).displayWidth <= 30)
    #expect(line.text(width: 28) == "[1/1] …練訓練訓練  epoch 1/2")
  }

  @Test("without a width nothing is left out or made longer")
  func natural() {
    #expect(
      text(nil).hasPrefix("[ 3/14] alternate/03/finetune  ━━━───  epoch 12/30  loss 0.1234  "))
    #expect(text(nil).hasSuffix("12,345 samples/s  stage 40 s  12 min left"))
  }
}
