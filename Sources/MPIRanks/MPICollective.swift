#if MPI
  import CRanks
  import NumericCore

  /// The processes of an MPI job.
  ///
  /// A class, because it is this process's place in the job, of which there is one.
  package final class MPICollective: Collective {
    package let rank: Int
    package let size: Int
    /// Ranks on this rank's host, itself included.
    package let ranksOnThisHost: Int

    /// Name and version of the library, such as `Open MPI v4.1.4` or `MPICH 4.0.2`; no job is needed.
    package static let library: String = {
      // "Open MPI v4.1.4, package: …", or "MPICH Version:      4.0.2", with more lines below.
      let text = String(cString: ecr_library())
      let first = text.split(whereSeparator: { ",\n".contains($0) }).first ?? ""
      let words = first.split(whereSeparator: \.isWhitespace).filter { $0 != "Version:" }
      return words.joined(separator: " ")
    }()

    /// Joins the job; nil where MPI does not start.
    ///
    /// - Parameter limit: seconds without a sign of life after which a rank counts as lost.
    package init?(limit: Int32) {
      var (rank, size, here): (Int32, Int32, Int32) = (0, 1, 1)
      guard ecr_start(&rank, &size, &here) == 0 else { return nil }
      (self.rank, self.size, ranksOnThisHost) = (Int(rank), Int(size), Int(here))
      ecr_watch(limit)
    }

    /// The name of the host that `rank` is on.
    package func host(of rank: Int) -> String { String(cString: ecr_host(Int32(rank))) }

    package func gather(_ spans: [SharedSpan]) { gather(spans, toFirst: false) }

    package func collect(_ spans: [SharedSpan]) { gather(spans, toFirst: true) }

    private func gather(_ spans: [SharedSpan], toFirst: Bool) {
      precondition(spans.allSatisfy { $0.sizes.count == size }, "a part for every rank")
      if size == 1 { return }
      let starts = spans.map { Optional($0.start) }
      let words = spans.flatMap { $0.sizes.map { $0 / 4 } }
      ecr_gather(Int32(spans.count), starts, words, toFirst ? 1 : 0)
    }

    package func broadcast(_ bytes: UnsafeMutableRawBufferPointer) {
      if size > 1, let start = bytes.baseAddress { ecr_broadcast(start, bytes.count) }
    }

    package func barrier() { ecr_barrier() }

    /// Leaves the job; every rank does so, and none calls anything afterwards.
    package func leave() { ecr_finish() }
  }
#endif
