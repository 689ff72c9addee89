import Schedules
import Testing

@Suite("Addresses that are not recorded") struct HiddenAddressTests {
  @Test(
    "are found in whatever they stand in",
    arguments: [
      ("https://a.example/x", ["https://a.example/x"]),
      ("nightly.monitor.ping=https://a/x?y=1", ["https://a/x?y=1"]),
      ("[curl, --url=http://a/x, \"http://b/y\"]", ["http://a/x", "http://b/y"]),
      ("{ping: https://a/x}", ["https://a/x"]),
      ("curl https://a/${ID}; true", ["https://a/${ID}"]),
      ("https://a/${ID}/x}", ["https://a/${ID}/x"]),
      ("${PING_URL} and no more", []),
      ("", []),
    ])
  func found(text: String, addresses: [String]) {
    #expect(HiddenAddress.found(in: text) == addresses)
  }

  @Test("one that begins another is hidden as a whole")
  func prefix() {
    #expect(
      HiddenAddress.masked("[http://a, http://a/b]")
        == "[https://hidden.invalid/, https://hidden.invalid/]")
  }
}
