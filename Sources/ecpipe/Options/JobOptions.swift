import ArgumentParser
import Reports
import Runs

/// The nightly job that a command is about.
struct JobOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("A nightly job's name or folder.", valueName: "job"))
  var name: String

  @OptionGroup var folders: FolderOptions

  /// - Throws: `RunFailure.missing`.
  var folder: NightlyFolder {
    get throws(RunFailure) {
      if let job = folders.locator.job(name) { return job }
      throw .missing(
        path: name,
        what:
          "name a nightly job under \(folders.folder); one begins with ecpipe run SCHEDULE --nightly"
      )
    }
  }
}

extension NightlyFolder {
  /// Writes the page of the job anew; that it cannot be written is a warning.
  func renewReport() {
    do {
      try JobPage.write(self)
    } catch {
      Output.warning("\(error)")
    }
  }
}
