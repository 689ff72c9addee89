import ArgumentParser
import Downloads
import Storage

struct DataFetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Download a public data set and check every byte of it.",
    discussion: """
      Four IDX files, compressed by gzip: images and labels for training and for the test. They come by \
      curl from the mirrors of their makers, in order; curl takes proxies from the environment. A file \
      counts only with the size and the SHA-256 that are known of it, and is there wholly or not at all. \
      What has come of an interrupted one is kept, and the same command goes on from there. Files that \
      are there already are checked and left alone.
      """,
    examples: [
      "ecpipe data fetch mnist",
      "ecpipe data fetch mnist --folder data/mnist",
    ])

  @Argument(
    help: ArgumentHelp(
      "The data set: \(PublicDataset.allCases.map(\.rawValue).joined(separator: " or ")).",
      valueName: "name"), completion: .list(PublicDataset.allCases.map(\.rawValue)))
  var name: String

  @Option(
    help: ArgumentHelp(
      "The folder for the files, made where it is missing. (default: data/NAME)",
      valueName: "folder"), completion: .directory)
  var folder: String?

  @Option(
    help: ArgumentHelp(
      "The address of a folder that has the files, in place of the makers' mirrors; it can be given "
        + "several times.", valueName: "url"))
  var mirror: [String] = []

  @OptionGroup var show: OutputOptions

  private func dataset() throws -> PublicDataset {
    guard let dataset = PublicDataset(rawValue: name) else {
      let names = PublicDataset.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("there is no data set \(name). Allowed: \(names)")
    }
    return dataset
  }

  func validate() throws {
    _ = try dataset()
    for address in mirror where !address.hasPrefix("https://") && !address.hasPrefix("http://") {
      throw ValidationError("--mirror \(address): an address begins with https:// or http://")
    }
  }

  func run() throws {
    let dataset = try dataset()
    let folder = folder ?? "data/\(dataset.rawValue)"
    try FilePaths.makeFolders(folder)
    Interruption.listen()
    var brought: [PinnedFile] = []
    for file in dataset.files {
      let download = Download(
        file, from: mirror.isEmpty ? dataset.mirrors : mirror, to: folder,
        environment: Output.environment, isInterrupted: { Interruption.isRequested })
      if try download.run() { brought.append(file) }
    }
    try show.print(
      [
        "format": 1, "name": .string(dataset.rawValue), "folder": .string(folder),
        "files": JSONValue(
          dataset.files.map { file in
            [
              "name": .string(file.name), "bytes": JSONValue(file.bytes),
              "sha256": .string(file.sha256), "downloaded": .bool(brought.contains(file)),
            ]
          }),
      ],
      or: dataset.files.map { file in
        "\(folder)/\(file.name): \(Figures.count(file.bytes, "byte"))"
          + (brought.contains(file) ? "" : ", already there")
      })
  }
}
