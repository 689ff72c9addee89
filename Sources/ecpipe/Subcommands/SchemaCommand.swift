import ArgumentParser
import Runs
import Schedules
import Studies

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of schedules, or of studies, for editors and other checks.",
    discussion: """
      The schema (draft 07) has every key with its text, its default and what may stand there. An editor \
      with the YAML language server completes and checks a file whose first line names it:

        # yaml-language-server: $schema=ecpipe.schema.json

      It is no stricter than ecpipe validate, which also knows the data and how settings go together.
      """,
    examples: [
      "ecpipe schema > ecpipe.schema.json", "ecpipe schema --study > ecpipe-study.schema.json",
    ])

  @Flag(help: "Of studies, which ecpipe compare takes, in place of schedules.")
  var study = false

  func run() throws {
    try Output.exact((study ? JSONSchema.study : JSONSchema.schedule).json.readable + "\n")
  }
}
