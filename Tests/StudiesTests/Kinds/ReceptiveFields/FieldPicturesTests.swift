import Studies
import Testing

@Suite("Pictures of masks as text") struct FieldPicturesTests {
  @Test("have four pixels a digit, the lowest bit first")
  func text() {
    #expect(FieldPictures.text(of: [true, false, false, false, false, true, true, true]) == "1e")
    #expect(FieldPictures.text(of: [true, true, true, true, false, true]) == "f2")
    #expect(FieldPictures.text(of: []) == "")
  }

  @Test("are read back for any number of pixels", arguments: [0, 1, 3, 4, 5, 64, 77])
  func back(count: Int) {
    let bits = (0..<count).map { $0 * $0 % 7 < 3 }
    #expect(FieldPictures.bits(FieldPictures.text(of: bits), count: count) == bits)
  }

  @Test("are nothing where they are damaged", arguments: ["f", "fff", "fg", "f8"])
  func damaged(text: String) {
    #expect(FieldPictures.bits(text, count: 6) == nil)
  }
}
