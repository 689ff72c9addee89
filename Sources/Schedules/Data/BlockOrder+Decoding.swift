import NeuralNetworks
import Storage

extension BlockOrder {
  static var block: Block<BlockOrder> {
    let most = 1 << 30
    return Block(
      "data order",
      "Blocks of neighbours come in a random order, and the samples of some that follow each other are "
        + "shuffled among themselves; these are read at once.",
      .setting(
        "block", \.samples, .integer(1...most), default: 4096,
        "Samples of a block, neighbours in the file."),
      .setting(
        "mixed", \.mixed, .integer(1...most), default: 16,
        "Blocks whose samples are shuffled among themselves; in memory at once with `storage: file`."
      ),
      make: { BlockOrder(samples: $0, mixed: $1) })
  }
}
