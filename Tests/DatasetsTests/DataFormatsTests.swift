import Datasets
import Testing

@Suite("Formats of data")
struct DataFormatsTests {
  @Test("every format has a name of its own, and no suffix is another's")
  func distinct() {
    let names = DataFormats.all.map(\.name)
    #expect(Set(names).count == names.count)
    let suffixes = DataFormats.all.flatMap(\.suffixes)
    #expect(Set(suffixes).count == suffixes.count)
  }

  @Test(
    "names tell NumPy's files, compressed or in an archive",
    arguments: [
      ("a/x.npy", "npy"), ("x.npz", "npy"), ("x.npy.gz", "npy"), ("x.npz:inputs", "npy"),
      ("x.csv", nil), ("images-idx3-ubyte.gz", nil), ("npy", nil),
    ])
  func named(reference: String, name: String?) {
    #expect(DataFormats.named(reference)?.name == name)
  }

  @Test("a pair of arrays is NumPy's where one of the names says so, else IDX")
  func pairs() {
    let arrays = DataSource.arrays(data: "a.npz:x", labels: "b")
    #expect(arrays == .npy(inputs: ArrayFile("a.npz:x"), targets: ArrayFile("b")))
    #expect(arrays.files == ["a.npz", "b"])
    #expect(DataSource.arrays(data: "a", labels: "b") == .idx(images: "a", labels: "b"))
    #expect(DataSource.arrays(data: "a", labels: "b") != .idx(images: "b", labels: "a"))
  }
}
