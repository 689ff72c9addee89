import Runs
import Testing

@Suite("RunFailure") struct RunFailureTests {
  @Test(
    "every failure has its exit code and says what, where and what to do",
    arguments: [
      (
        RunFailure.diverged(stage: "train", epoch: 2, step: 3, learningRate: 0.5), Int32(1),
        "stage train: the loss is not a number at epoch 2, step 3, learning rate 0.5; the "
          + "checkpoints before it are kept; lower the learning rate or clip the gradient "
          + "(clip: {norm: 1})"
      ),
      (
        .notFinite(stage: "train"), 1,
        "stage train: the network is not finite at its end; the checkpoints before it are kept; "
          + "lower the learning rate or clip the gradient (clip: {norm: 1})"
      ),
      (.failed(stage: "prune", reason: "no"), 1, "stage prune: no"),
      (
        .fingerprintChanged(file: "f", differences: ["a is new: 1", "b is gone, it was 2"]), 65,
        "f: made with another processor, library or engine (a is new: 1; b is gone, it was 2), so "
          + "what is computed from it may have other bits than an uninterrupted run; go on without "
          + "--strict, go on where it was made, or start over with --fresh"
      ),
      (
        .noSpace(
          folder: "r", stage: "train",
          needed: StageFootprint(checkpoint: 1024, progress: 2048, manifest: 512), free: 10), 1,
        "r: stage train may need 6.0 KiB there (checkpoint 1.0 KiB, progress 4.0 KiB, run.json 1.0 KiB; "
          + "nothing compressed, and old files beside the new ones), 10 bytes are free; make space and "
          + "run the same command again"
      ),
      (.damaged(file: "f", reason: "cut"), 11, "f: damaged: cut"),
      (.commandLine("no"), 64, "no"),
      (.invalid("no"), 65, "no"),
      (
        .dataChanged(run: "r", stage: "train"), 65,
        "r: the data have changed since stage train was interrupted; put the old data back, or "
          + "start over with --fresh"
      ),
      (
        .dataChanged(run: "r", stage: nil), 65,
        "r: the data have changed since the run began; put the old data back, or start over with "
          + "--fresh"
      ),
      (.missing(path: "f", what: "make it"), 66, "f: no such file; make it"),
      (
        .interrupted(stage: "train", command: "ecpipe run a"), 75,
        "interrupted in stage train; all is saved; go on with: ecpipe run a"
      ),
    ])
  func failures(failure: RunFailure, code: Int32, text: String) {
    #expect(failure.exitCode == code)
    #expect("\(failure)" == text)
  }
}
