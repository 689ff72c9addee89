import ArgumentParser
import Runs

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Compute one stage again from its parent and say whether the bits are the same.",
    discussion: """
      Nothing of the run changes: the stage is computed in memory from its parent's checkpoint, or \
      from the nearest one before it that is sound, and the SHA-256 of the checkpoint that comes \
      out is compared with the recorded one. 0: the same; 1: not the same. --restore puts a \
      checkpoint back that is missing, damaged or was deleted by gc, if it comes out the same.
      """,
    examples: [
      "ecpipe replay train digits",
      "ecpipe replay alternate/03/finetune digits --restore",
    ])

  @Argument(help: "The stage, such as alternate/03/finetune.", completion: .stages)
  var stage: String

  @Argument(
    help: ArgumentHelp("A run's name or folder; without it, the latest.", valueName: "run"),
    completion: .runs)
  var runName: String?

  @Flag(help: "Put the checkpoint back where it is missing or damaged.")
  var restore = false

  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let recorded = try RecordedRun(folder: folders.locator.run(runName))
    let replay = try StageReplay(
      session: recorded.session(threads.surroundings), pool: try threads.pool,
      events: { event in
        if case .notice(let notice) = event { output.tell(notice) }
      })
    let outcome = try replay.run(stage: stage, restores: restore)
    try output.print(outcome.json, or: lines(outcome))
    try outcome.check()
  }

  private func lines(_ outcome: StageReplay.Outcome) -> [String] {
    guard outcome.isSame else { return [] }
    let same =
      "\(outcome.stage): the same bits, computed from "
      + (outcome.start ?? "the initial model") + ": SHA-256 \(outcome.sha256)"
    let sound = restore ? ["its checkpoint is sound; nothing to put back"] : []
    return [same] + (outcome.restored.map { ["\($0): put back"] } ?? sound)
  }
}
