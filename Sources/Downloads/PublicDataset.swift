/// Data sets that anyone may have, as their makers publish them.
///
/// Sizes and digests are those of the makers' files, which have not changed since they appeared.
package enum PublicDataset: String, Sendable, CaseIterable {
  /// 60,000 + 10,000 handwritten digits of 28 × 28 pixels (LeCun, Cortes, Burges 1998).
  case mnist
  /// As many pictures of clothes of the same size (Xiao, Rasul, Vollgraf 2017, arXiv 1708.07747).
  case fashionMNIST = "fashion_mnist"

  /// Where its files lie, in the order in which they are asked.
  package var mirrors: [String] {
    switch self {
    case .mnist:
      [
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
      ]
    case .fashionMNIST:
      [
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      ]
    }
  }

  /// Images and labels for training and for the test, in IDX, compressed by gzip.
  package var files: [PinnedFile] {
    switch self {
    case .mnist:
      [
        PinnedFile(
          name: "train-images-idx3-ubyte.gz", bytes: 9_912_422,
          sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        PinnedFile(
          name: "train-labels-idx1-ubyte.gz", bytes: 28_881,
          sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        PinnedFile(
          name: "t10k-images-idx3-ubyte.gz", bytes: 1_648_877,
          sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        PinnedFile(
          name: "t10k-labels-idx1-ubyte.gz", bytes: 4542,
          sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
      ]
    case .fashionMNIST:
      [
        PinnedFile(
          name: "train-images-idx3-ubyte.gz", bytes: 26_421_880,
          sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        PinnedFile(
          name: "train-labels-idx1-ubyte.gz", bytes: 29_515,
          sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        PinnedFile(
          name: "t10k-images-idx3-ubyte.gz", bytes: 4_422_102,
          sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        PinnedFile(
          name: "t10k-labels-idx1-ubyte.gz", bytes: 5148,
          sha256: "67da17c76eaffca5446c3361aaab5c43cd6d1c2608764d35dfb1850b086bf8d5"),
      ]
    }
  }
}
