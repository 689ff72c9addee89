import Foundation
import Testing

@Suite("ecpipe bench")
struct BenchCommandTests {
  @Test("--json: format, threads, and time and share of each row that was asked for")
  func json() throws {
    try Workplace.with { place in
      let outcome = try place.run(
        "bench", "--only", "train/small", "--threads", "1", "--repeats", "1", "--json")
      #expect(outcome.code == 0)
      let json = try JSONText(outcome.output)
      #expect(json.names == ["format", "instructions", "ms", "threads"])
      #expect(json.object["format"] as? Int == 1)
      #expect(json.object["threads"] as? Int == 1)
      let rows = try #require(json.object["ms"] as? [String: [String: Any]])
      #expect(rows.keys.sorted() == ["train/small/b32"])
      let row = try #require(rows["train/small/b32"])
      #expect(
        row.keys.sorted() == [
          "bytes_per_cycle", "core_share", "limit_by", "limit_ms", "load_share", "ms", "peak_share",
        ])
      #expect(row["limit_by"] is String)
      #expect(row.allSatisfy { $0.key == "limit_by" || $0.value as? Double ?? 0 > 0 })
      #expect(place.names(in: "") == [])
    }
  }

  @Test("without --json a line a row; nothing under --quiet")
  func text() throws {
    try Workplace.with { place in
      let row = ["bench", "--only", "train/small/b32", "--threads", "1", "--repeats", "1"]
      let outcome = try place.run(row)
      #expect(
        outcome.output.contains(
          #/^train/small/b32 +\d+\.\d{4} ms  \d+\.\d % of sgemm's rate, \d+\.\d % of the peak, \d+\.\d bytes a cycle, \d+\.\d % of the rate of loads alone, limit \d+\.\d{4} ms by (arithmetic|loads)\n$/#
        ))
      #expect(try place.run(row + ["--quiet"]).output == "")
    }
  }

  @Test("an unknown row is exit code 64 with the nearest name")
  func unknown() throws {
    try Workplace.with { place in
      let outcome = try place.run("bench", "--only", "trian/small/b32")
      #expect(outcome.code == 64)
      #expect(outcome.output == "")
      #expect(
        outcome.errors.hasPrefix(
          "ecpipe: --only trian/small/b32: there is no such row; did you mean train/small/b32? "))
      #expect(outcome.errors.contains("infer/wide/b64/s0.95"))
    }
  }

  @Test(
    "options that do not go together, or are out of range, are exit code 64",
    arguments: [
      (["--growth", "--calibrate"], "--growth and --calibrate"),
      (["--products", "--growth"], "--growth and --products"),
      (["--products", "--only", "ec"], "leave them out with --products"),
      (["--products", "--threads", "2"], "--products measures on one thread"),
      (["--growth", "--only", "ec"], "leave them out with --growth"),
      (["--calibrate", "--repeats", "3"], "leave them out with --calibrate"),
      (["--plot", "growth.svg"], "give --growth as well"),
      (["--calibrate", "--threads", "2"], "leave out --threads"),
      (["--repeats", "0"], "--repeats 0 is out of range"),
    ])
  func together(arguments: [String], text: String) throws {
    try Workplace.with { place in
      let outcome = try place.run(["bench"] + arguments)
      #expect(outcome.code == 64)
      #expect(outcome.errors.contains(text))
    }
  }
}
