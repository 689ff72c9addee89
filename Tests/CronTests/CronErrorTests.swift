import Cron
import Testing

@Suite("CronError") struct CronErrorTests {
  private static let table: [(error: CronError, code: Int32, text: String)] = [
    (
      .unusable("/s/a\nb"), 65,
      "/s/a\\nb: a line that starts a job cannot hold a line break or another control "
        + "character; rename the file or the folder"
    ),
    (
      .longName("ü"), 65,
      "ü: this name is too long for systemd, which writes most of its characters as four; use "
        + "--crontab, or give the schedule a shorter name"
    ),
    (
      .tooLong(bytes: 1200, path: 700), 65,
      "the line for the crontab has 1200 bytes, cron takes 998; use --systemd, or shorter paths, "
        + "or a shorter PATH, which takes 700 of them: PATH=/usr/local/bin:/usr/bin:/bin ecpipe "
        + "cron install …"
    ),
    (
      .damagedCrontab(line: 7, .beginWithoutEnd("a")), 65,
      "the crontab, line 7: the job a begins here and has no end; mend it with crontab -e; "
        + "nothing was changed"
    ),
    (
      .damagedCrontab(line: 8, .endWithoutBegin("a")), 65,
      "the crontab, line 8: the job a ends here and has no beginning; mend it with crontab -e; "
        + "nothing was changed"
    ),
    (
      .damagedCrontab(line: 9, .twice("a")), 65,
      "the crontab, line 9: the job a begins here a second time; mend it with crontab -e; "
        + "nothing was changed"
    ),
    (
      .missingProgram("crontab", instead: "do this"), 66,
      "crontab: there is no such program in PATH; do this"
    ),
    (.failed(command: "x y", said: "no", state: "all is well"), 1, "x y: no; all is well"),
    (
      .failed(command: "x", said: "", state: "all is well"), 1,
      "x: it failed without a word; all is well"
    ),
    (
      .taken(name: "a", place: .user, schedule: "/s"), 64,
      "a: a job of this name is installed in the user's systemd for /s; take it out first "
        + "(ecpipe cron remove a), or give the schedule another name"
    ),
    (
      .hugeCrontab, 65,
      "the crontab has more bytes than ecpipe reads; make it shorter with crontab -e, or use "
        + "--systemd"
    ),
  ]

  @Test("says what, where and what to do", arguments: table)
  func text(error: CronError, code: Int32, text: String) {
    #expect("\(error)" == text)
    #expect(error.exitCode == code)
  }
}
