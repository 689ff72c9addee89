import ArgumentParser
import Reports

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Show all runs, studies and nightly jobs of a folder.",
    discussion: """
      Of each, the newest first: its state, the stage that its model is from, how sparse and how good that \
      is, bytes, and when it changed. Runs that differ in their seed (and name) alone are summed up below: \
      mean and deviation, each seed once. The state is what the last call came to; ecpipe status also compares a run with \
      its schedule as it is now. What cannot be read is named as damaged. The nights of a job are the runs \
      of its own folder. Tables that storage: file has converted are counted in the end.
      """,
    examples: ["ecpipe list", "ecpipe list nights --json", "ecpipe list --checkpoints nights"])

  @Argument(
    help: ArgumentHelp("The folder of all runs; the same as --checkpoints.", valueName: "folder"),
    completion: .directory)
  var named: String?

  @OptionGroup var folders: FolderOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if named != nil, folders.folder != FolderOptions.standard {
      throw ValidationError("--checkpoints: the folder is named already; leave one of them out")
    }
  }

  func run() throws {
    let listing = try WorkListing(named ?? folders.folder)
    try output.print(listing.json, or: ListText.lines(of: listing, width: Output.width))
  }
}
