import ModelFiles
import Testing

@Suite("Checkpoint errors in words")
struct CheckpointErrorTests {
  private static let remedy = "restore the file from a copy or run the stage again"

  @Test(
    "Each says what is wrong, where, and what to do",
    arguments: [
      (
        .newerFormat(found: 2, supported: 1),
        "made by a newer ecpipe: format 2, this one reads 1; update ecpipe"
      ),
      (
        .notACheckpoint,
        "this is a safetensors file but no checkpoint of ecpipe; use one that `ecpipe run` wrote"
      ),
      (.missingEntry("hidden1.bias"), "entry 'hidden1.bias' is missing; \(remedy)"),
      (.unexpectedEntry("x"), "entry 'x' does not belong where it stands; \(remedy)"),
      (.contentChanged(entry: "x"), "entry 'x' was changed after it was written; \(remedy)"),
      (.entryForm("x", expected: "bits"), "entry 'x' is not coded as bits; \(remedy)"),
      (.maskMismatch(entry: "x"), "entry 'x' does not fit its layer; \(remedy)"),
      (
        .nonFinite(entry: "output.bias"),
        "entry 'output.bias' holds an infinity or NaN; train with a lower rate"
      ),
      (
        .prunedNotZero(entry: "x"),
        "entry 'x' is not 0 where its mask removes a weight; this is a mistake in ecpipe, "
          + "please report it"
      ),
      (
        .shape(entry: "x"),
        "entry 'x' does not fit the network; this is a mistake in ecpipe, please report it"
      ),
      (
        .frame(entry: "x", .noChecksum(.zstd)),
        "entry 'x': the zstd frame has no checksum; restore the file from a copy or run the stage "
          + "again"
      ),
      (.headerChanged, "the header was changed after it was written; \(remedy)"),
      (.dataChanged, "the data were changed after they were written; \(remedy)"),
      (
        .metadata(.missing(path: "layers")),
        "the metadata are not a checkpoint's (\"layers\" is missing); \(remedy)"
      ),
      (
        .metadataValue(path: "layers[0]", problem: "has an impossible size"),
        "the metadata are damaged: \"layers[0]\" has an impossible size; \(remedy)"
      ),
      (
        .tooLarge(bytes: 9, limit: 8),
        "the tensors take 9 bytes of memory, more than the 8 allowed; use a machine with more"
      ),
      (
        .tooLarge(bytes: nil, limit: 8),
        "the tensors take countless bytes of memory, more than the 8 allowed; "
          + "use a machine with more"
      ),
      (
        .unreadable(path: "a/b", reason: "Permission denied"),
        "'a/b' cannot be read (Permission denied); check its name and permissions"
      ),
      (
        .layerName("a.b"),
        "a layer is named \"a.b\"; use ASCII letters, digits, '_' and '-', each name once, "
          + "and not input, target, classes, best or ecpipe"
      ),
      (
        .container(.tooShort(bytes: 3)),
        "the file ends after 3 bytes, inside its header; copy it again"
      ),
    ] as [(CheckpointError, String)])
  func wording(error: CheckpointError, expected: String) {
    #expect(error.description == expected)
  }
}
