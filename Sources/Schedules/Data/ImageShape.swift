import Storage

/// That the inputs are the pixels of an image, row by row: what pictures of masks are drawn by.
package struct ImageShape: Sendable, Equatable {
  package let rows: Int
  package let columns: Int

  package init(rows: Int, columns: Int) {
    (self.rows, self.columns) = (rows, columns)
  }

  package var pixels: Int { rows * columns }

  /// `[28, 28]`.
  static var form: Form<ImageShape> {
    Form<Int>.integer(1...65_535).list(of: "two numbers, rows and columns of pixels", 2...2)
      .map({ sides, field in
        guard sides.count == 2 else {
          field.report(
            .outOfRange("\(sides.count) numbers", allowed: "two, rows and columns of pixels"))
          return nil
        }
        return ImageShape(rows: sides[0], columns: sides[1])
      }) { [$0.rows, $0.columns] }
  }
}
