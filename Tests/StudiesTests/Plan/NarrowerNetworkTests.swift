import Studies
import Testing

@Suite("Uniformly narrower networks")
struct NarrowerNetworkTests {
  @Test(
    "have at most the given weights, and one unit more would be too many",
    arguments: [13_216, 5_286, 2_643, 1_322, 795])
  func largest(limit: Int) throws {
    let widths = try #require(NarrowerNetwork.widths([784, 32, 32, 10], atMost: limit))
    #expect(NarrowerNetwork.weights(widths) <= limit)
    #expect(widths[1] == widths[2] && widths[0] == 784 && widths[3] == 10)
    #expect(NarrowerNetwork.weights([784, widths[1] + 1, widths[2] + 1, 10]) > limit)
  }

  @Test("scale all hidden layers by one factor")
  func uniform() {
    #expect(NarrowerNetwork.widths([4, 40, 20, 1], atMost: 980) == [4, 40, 20, 1])
    #expect(NarrowerNetwork.widths([4, 40, 20, 1], atMost: 290) == [4, 20, 10, 1])
  }

  @Test("are none where one unit a layer is too much")
  func none() {
    #expect(NarrowerNetwork.widths([784, 32, 32, 10], atMost: 794) == nil)
    #expect(NarrowerNetwork.widths([5, 3], atMost: 2) == nil)
  }
}
