import Storage

/// A script for Slurm's `sbatch` that starts the workers of a study as an array.
package struct SlurmArray: Sendable {
  /// The path of the program.
  package let program: String
  /// The study's file, as the command line has it.
  package let study: String
  /// The study's name.
  package let name: String
  /// At least 1.
  package let workers: Int
  package let checkpoints: String
  package let isQuick: Bool
  /// Processors of each worker, and so its threads; at least 1.
  package let threads: Int
  /// Seconds; nil for the standard.
  package let lease: Double?

  package init(
    program: String, study: String, name: String, workers: Int, checkpoints: String, isQuick: Bool,
    threads: Int = 1, lease: Double?
  ) {
    self.program = program
    self.threads = threads
    self.study = study
    self.name = name
    self.workers = workers
    self.checkpoints = checkpoints
    self.isQuick = isQuick
    self.lease = lease
  }

  private var command: String {
    var words = [program, "compare", FilePaths.absolute(study), "--worker"]
    words += isQuick ? ["--quick"] : []
    words += lease.map { ["--lease", NumberText.significant($0, 6)] } ?? []
    words += ["--checkpoints", FilePaths.absolute(checkpoints)]
    return words.map(ShellWord.quoted).joined(separator: " ")
      + " --threads \"${SLURM_CPUS_PER_TASK:-\(threads)}\" --quiet"
  }

  /// The name as the lines for Slurm have it: those have quotes, comments and patterns of their own, in which `#`,
  /// `%` or a space would mean something else.
  private var jobName: String {
    String(
      name.unicodeScalars.map { scalar in
        let isPlain =
          scalar.isASCII
          && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || "-_.".unicodeScalars.contains(scalar))
        return isPlain ? Character(scalar) : "_"
      })
  }

  /// The script. `exec` makes the worker the process that Slurm signals: it ends within a step, and its cells go
  /// to the others.
  package var text: String {
    """
    #!/bin/bash
    #SBATCH --job-name=\(jobName)
    #SBATCH --array=1-\(workers)
    #SBATCH --ntasks=1
    #SBATCH --cpus-per-task=\(threads)
    #SBATCH --mem-per-cpu=4G
    #SBATCH --time=04:00:00
    #SBATCH --signal=B:TERM@120
    #SBATCH --output=\(jobName)-%A_%a.log
    # Workers of a study: each takes cells that nobody else has. What is missing when the time is over goes on
    # with the same script.
    exec \(command)

    """
  }
}
