import ArgumentParser

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Bring public data sets.",
    subcommands: [DataFetchCommand.self])
}
