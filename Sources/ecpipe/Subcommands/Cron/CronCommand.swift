import ArgumentParser

struct CronCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cron", abstract: "Have a schedule run every night, by cron or by systemd.",
    discussion: """
      What is installed runs ecpipe run --nightly with absolute paths, its own PATH, LANG and working \
      folder, so that nothing depends on a shell. It says nothing on success; what it says otherwise \
      cron mails, and systemd keeps in its journal.
      """,
    subcommands: [CronInstallCommand.self, CronListCommand.self, CronRemoveCommand.self])
}
