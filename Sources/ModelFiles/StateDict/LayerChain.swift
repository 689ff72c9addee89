/// The order of layers whose names do not all count through: the one in which each takes as many inputs
/// as the one before it gives, and those whose names differ by numbers alone come in the order of these.
struct LayerChain {
  /// A layer of the chain.
  struct Link {
    let name: String
    let place: StateDictModule.Place
    let inputs: Int
    let outputs: Int
  }

  /// The orders that were found, as positions of the links, no more than tell that there is a choice.
  private(set) var orders: [[Int]] = []

  private static let most = 2
  /// Tries after which the search gives up: far more than layers of distinct widths need.
  private static let patience = 100_000

  private let links: [Link]
  /// Positions of the links of each stem, in the order of their numbers.
  private let groups: [[Int]]
  /// How many of each group are used.
  private var used: [Int]
  private var path: [Int] = []
  private var tries = 0

  init(_ links: [Link]) {
    self.links = links
    var stems: [String] = []
    var groups: [String: [Int]] = [:]
    for (index, link) in links.enumerated() {
      if groups[link.place.stem] == nil { stems.append(link.place.stem) }
      groups[link.place.stem, default: []].append(index)
    }
    self.groups = stems.map { stem in
      (groups[stem] ?? []).sorted { links[$0].place.isBefore(links[$1].place) }
    }
    used = Array(repeating: 0, count: stems.count)
    if self.groups.count == 1 {
      // Numbers say it all, whether the widths fit or not.
      orders = self.groups
    } else {
      search()
    }
  }

  private mutating func search() {
    if path.count == links.count { return orders.append(path) }
    for group in groups.indices where used[group] < groups[group].count {
      let index = groups[group][used[group]]
      if let last = path.last, links[last].outputs != links[index].inputs { continue }
      tries += 1
      if orders.count == Self.most || tries > Self.patience { return }
      used[group] += 1
      path.append(index)
      search()
      path.removeLast()
      used[group] -= 1
    }
  }

  /// Whether `order` is one in which the widths fit.
  func fits(_ order: [Int]) -> Bool {
    zip(order, order.dropFirst()).allSatisfy { links[$0].outputs == links[$1].inputs }
  }

  /// The names of the links in `order`.
  func names(_ order: [Int]) -> [String] { order.map { links[$0].name } }
}
