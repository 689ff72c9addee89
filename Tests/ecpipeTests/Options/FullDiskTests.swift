import Foundation
import Testing

/// Small file systems in memory, in a name space of their own. Needs the right to mount.
private enum SmallDisk {
  /// Whether this user can mount.
  static let isPossible: Bool = {
    let probe = try? RunningProgram(
      "unshare", ["-m", "sh", "-c", "mount -t tmpfs tmpfs /mnt"], in: "/"
    ).outcome()
    return probe?.code == 0
  }()

  /// Runs `script` where `$D` is an empty disk of `options`, `$E` the program and `grow` makes the
  /// disk large; what it prints comes back.
  static func output(of script: String, options: String, in place: Workplace) throws -> String {
    try FileManager.default.createDirectory(
      atPath: place.file("disk"), withIntermediateDirectories: true)
    let setup = """
      set -e; D=disk; E=$1
      mount -t tmpfs -o \(options) tmpfs $D
      grow() { mount -o remount,size=64m,nr_inodes=1000 $D; }
      set +e

      """
    let outcome = try RunningProgram(
      "unshare", ["-m", "sh", "-c", setup + script, "sh", Program.path()], in: place.path
    ).outcome()
    #expect(outcome.errors == "")
    return outcome.output
  }
}

@Suite("A full disk", .enabled(if: SmallDisk.isPossible, "needs the right to mount"))
struct FullDiskTests {
  private static let sums =
    "cd $D/small && sha256sum [0-9]*.safetensors && cd ../.. "

  /// The digests of the checkpoints of an undisturbed run, as `sums` prints them.
  private func expected(_ place: Workplace) throws -> String {
    try SmallRun.write(to: place)
    return try SmallDisk.output(
      of: "$E run small.yaml --quiet --checkpoints $D && \(Self.sums)", options: "size=64m",
      in: place)
  }

  @Test("too little space for a stage: exit code 1 says how much; after making space it goes on")
  func foreseen() throws {
    try Workplace.with { place in
      let expected = try expected(place)
      let text = try SmallDisk.output(
        of: """
          $E run small.yaml --quiet --checkpoints $D 2>&1; echo "code $?"
          ls $D/small; $E verify small --checkpoints $D --quiet; echo "code $?"
          grow; $E run small.yaml --quiet --checkpoints $D 2>&1; echo "code $?"
          \(Self.sums)
          """, options: "size=128k", in: place)
      #expect(
        text.contains(
          #/small: stage train may need [0-9.]+ KiB there \(.+\), .+ are free; make space/#))
      #expect(text.contains("run the same command again\ncode 1\n"))
      #expect(!text.contains("partial"))
      #expect(text.hasSuffix("code 0\ncode 0\n" + expected), "\(text)")
    }
  }

  @Test(
    "gc makes room where there is none for what it writes itself, also where it was killed before a byte was free",
    arguments: [
      ("", "^[0-9].*safetensors", 1),
      (
        "for f in $(ls $D/small/[0-9]*.safetensors | head -n -1); do mv $f $f.released; done",
        "released", 0
      ),
    ])
  func collected(before: String, files: String, count: Int) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try place.write(SmallRun.schedule + "checkpoints: {keep: {last: 1}}\n", to: "small.yaml")
      let text = try SmallDisk.output(
        of: """
          $E run small.yaml --quiet --checkpoints $D 2>/dev/null; echo "code $?"
          \(before)
          dd if=/dev/zero of=$D/fill bs=1k 2>/dev/null
          $E gc small --quiet --checkpoints $D 2>&1; echo "code $?"
          ls $D/small | grep -c '\(files)'
          $E verify small --quiet --checkpoints $D 2>&1; echo "code $?"
          """, options: "size=4m", in: place)
      #expect(text == "code 0\ncode 0\n\(count)\ncode 0\n")
    }
  }

  @Test("gc says where what it may let go has other names, so that nothing becomes free")
  func linked() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try place.write(SmallRun.schedule + "checkpoints: {keep: {last: 1}}\n", to: "small.yaml")
      let text = try SmallDisk.output(
        of: """
          $E run small.yaml --quiet --checkpoints $D 2>/dev/null; echo "code $?"
          count() { ls $D/small | grep -c '^[0-9].*safetensors'; }
          before=$(count)
          mkdir $D/copy; cp -l $D/small/[0-9]*.safetensors $D/copy
          dd if=/dev/zero of=$D/fill bs=1k 2>/dev/null
          $E gc small --quiet --checkpoints $D >message 2>&1; echo "code $?"
          grep -c 'other names (hard links, as in a copy made with cp -l), so deleting [a-z]* here frees' message
          [ $(count) = $before ]; echo "same $?"
          $E verify small --quiet --checkpoints $D 2>&1; echo "code $?"
          rm -r $D/copy
          $E gc small --quiet --checkpoints $D 2>&1; echo "code $?"; count
          """, options: "size=4m", in: place)
      #expect(text == "code 0\ncode 1\n1\nsame 0\ncode 0\ncode 0\n1\n")
    }
  }

  @Test("no room for another file, anywhere in a run: exit code 1, sound, and it goes on")
  func unforeseen() throws {
    try Workplace.with { place in
      let expected = try expected(place)
      var refusals = 0
      // A file system that has bytes and no inodes refuses what statvfs promised.
      for inodes in 2...12 {
        let text = try SmallDisk.output(
          of: """
            $E run small.yaml --quiet --checkpoints $D >first 2>&1; echo "code $?"
            if [ -e $D/small/run.json ]; then $E verify small --checkpoints $D --quiet; fi
            echo "verified $?"; ls $D/small 2>/dev/null | grep partial
            grow; $E run small.yaml --quiet --checkpoints $D >second 2>&1; echo "code $?"
            \(Self.sums)
            """, options: "size=64m,nr_inodes=\(inodes)", in: place)
        let first = try place.text("first")
        if text.hasPrefix("code 1\n") {
          refusals += 1
          #expect(first.contains("the disk is full"), "\(first)")
          #expect(first.contains("make space and run the same command again"))
        } else {
          // Only what is for people may be missing.
          #expect(text.hasPrefix("code 0\n"), "\(inodes) inodes: \(first)")
        }
        #expect(text.hasSuffix("\nverified 0\ncode 0\n" + expected), "\(inodes) inodes: \(text)")
      }
      #expect(refusals >= 8)
    }
  }
}
