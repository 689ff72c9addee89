import Cron
import Glibc
import Testing

@Suite("Account") struct AccountTests {
  @Test("without any variable the password database says who and where")
  func bare() throws {
    let entry = try #require(getpwuid(geteuid())?.pointee)
    let account = Account(variable: { _ in nil })
    #expect(account.name == String(cString: entry.pw_name))
    #expect(account.home == String(cString: entry.pw_dir))
    #expect(account.unitFolder == account.home + "/.config/systemd/user")
    #expect(account.isRoot == (geteuid() == 0))
    #expect(Account(variable: { _ in "" }) == account)
  }

  @Test("HOME and XDG_CONFIG_HOME count where they are set, a relative folder does not")
  func given() {
    #expect(Account(variable: { ["HOME": "/h"][$0] }).unitFolder == "/h/.config/systemd/user")
    let both = ["HOME": "/h", "XDG_CONFIG_HOME": "/x"]
    #expect(Account(variable: { both[$0] }).unitFolder == "/x/systemd/user")
    let relative = ["HOME": "/h", "XDG_CONFIG_HOME": "x"]
    #expect(Account(variable: { relative[$0] }).unitFolder == "/h/.config/systemd/user")
  }
}
