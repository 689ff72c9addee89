import Engine
import Glibc
import NeuralNetworks
import NumericCore
import Runs
import Storage

#if MPI
  import MPIRanks
#endif

/// The processes that this one was started with by `mpirun`, which share the steps of its trainings. The first
/// runs the command, and the others do what it says until it ends.
///
/// State of the process, like its signals: a process joins one job, at its beginning, and leaves it where it
/// exits, wherever that is.
enum Ranks {
  /// What the environment says is divided whatever the model of costs says; no bit depends on it.
  static let sharing = "ECPIPE_SHARING"
  /// What the environment says how many seconds a rank may not be heard of.
  static let limit = "ECPIPE_RANK_LIMIT"

  #if MPI
    nonisolated(unsafe) private static var job: MPICollective?
  #endif
  nonisolated(unsafe) private static var current: RankGroup?

  /// The other processes, for whoever trains; nil without any.
  static var group: RankGroup? { current }

  /// What the environment demands to be divided; nil where costs decide.
  static var demandedSharing: StepSharing? {
    Output.environment(sharing).flatMap(StepSharing.init(word:))
  }

  /// Name and version of the MPI library that the program has; nil for one that was built without.
  static var library: String? {
    #if MPI
      MPICollective.library
    #else
      nil
    #endif
  }

  /// Which of the processes of `mpirun` this one is, where each is a worker of a study, so that none needs to
  /// know of the others; nil elsewhere.
  nonisolated(unsafe) private(set) static var worker: Int?

  /// Whether the first of the workers says the same: that something is wrong with the command or what it is given.
  static func leavesToFirst(_ code: Int32) -> Bool { (worker ?? 0) > 0 && 64...66 ~= code }

  /// Before a message of a worker that is not the first, which one that is.
  static var ownName: String { worker.map { $0 > 0 ? "worker \($0): " : "" } ?? "" }

  /// The ranks on this host, which share its processors.
  static var onThisHost: Int {
    if worker != nil { return max(1, number(of: countsHere) ?? 1) }
    #if MPI
      return job?.ranksOnThisHost ?? 1
    #else
      return 1
    #endif
  }

  /// What starting programs call the number of ranks on this host: OpenMPI, MPICH.
  private static let countsHere = ["OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"]

  private static func number(of names: [String]) -> Int? {
    names.lazy.compactMap { Output.environment($0).flatMap(Int.init) }.first
  }

  /// Joins the job that this process was started in. Only rank 0 comes back; the others end here. The processes
  /// of a study all come back.
  static func join() {
    guard let size = started else { return }
    if CommandLine.arguments.dropFirst().first == "compare", size.count > 1 {
      worker = size.rank
      return
    }
    #if MPI
      joinJob()
    #else
      if size.count > 1 { refuse(rank: size.rank) }
    #endif
  }

  /// What the starting program says of this process; nil where none has started it.
  private static var started: (rank: Int, count: Int)? {
    let names = [
      ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMI_RANK", "PMI_SIZE"),
      ("PMIX_RANK", "SLURM_STEP_NUM_TASKS"),
    ]
    for (rank, count) in names {
      if let rank = Output.environment(rank).flatMap(Int.init),
        let count = Output.environment(count).flatMap(Int.init)
      {
        return (rank, count)
      }
    }
    return nil
  }

  #if MPI
    private static func joinJob() {
      let limit = Output.environment(Self.limit).flatMap(Int32.init).map { max(2, $0) } ?? 20
      guard let collective = MPICollective(limit: limit) else {
        Output.error("ecpipe: MPI does not start, or allows no second thread")
        exit(1)
      }
      // What this process starts is no rank.
      for name in ["OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK"] { unsetenv(name) }
      job = collective
      let others = otherPrograms(collective)
      if collective.rank > 0 { follow(collective) }
      let group = RankGroup(collective, demanded: demandedSharing)
      current = group
      atexit {
        Ranks.current?.end()
        Ranks.job?.leave()
      }
      guard others.isEmpty else {
        Output.error(
          "ecpipe: another program, processor or library than rank 0 has: rank "
            + others.map { "\($0) on \(collective.host(of: $0))" }.joined(separator: ", ")
            + "; results would have other bits; use hosts of one kind with the same program")
        exit(65)
      }
    }

    /// The ranks on which bits would differ from those of rank 0.
    private static func otherPrograms(_ collective: MPICollective) -> [Int] {
      let own = JSONValue.array([Fingerprint.json, .string(ECPipe.version)]).canonicalBytes
      var wanted = own
      if collective.isFirst {
        var message = RankMessage()
        message.write(own)
        collective.send(message)
      } else {
        var message = collective.receive()
        wanted = message.readArray(UInt8.self)
      }
      var differs = [Int32](repeating: 0, count: collective.size)
      differs[collective.rank] = own == wanted ? 0 : 1
      differs.withUnsafeMutableBufferPointer { differs in
        collective.gather([
          SharedSpan(differs.baseAddress!, bounds: Array(0...collective.size))
        ])
      }
      return differs.indices.filter { differs[$0] != 0 }
    }

    /// Does what rank 0 says, and ends the process with it.
    private static func follow(_ collective: MPICollective) -> Never {
      // Rank 0 decides when to stop.
      for signal in [SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGUSR1] { Glibc.signal(signal, SIG_IGN) }
      let follower = RankFollower(collective) { threads in
        try ProductBuffers.reserve(threads: threads)
        return WorkerPool(threadCount: threads)
      }
      do {
        try follower.serve()
      } catch {
        let host = collective.host(of: collective.rank)
        Output.error("ecpipe: rank \(collective.rank) on \(host): \(message(of: error))")
        _exit(exitCode(of: error))
      }
      collective.leave()
      exit(0)
    }
  #else
    /// Each of them would run the whole command.
    private static func refuse(rank: Int) {
      let command = CommandLine.arguments.dropFirst().first
      guard command == "run" || command == "resume" else { return }
      if rank == 0 {
        Output.error(
          "ecpipe: this program was built without MPI, so that ranks cannot share a run; build it with "
            + "swift build -c release --traits MPI, or start it without mpirun")
      }
      exit(64)
    }
  #endif
}
