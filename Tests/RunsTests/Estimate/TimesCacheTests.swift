import Runs
import Storage
import TestSupport
import Testing

@Suite("Timings that are kept between calls") struct TimesCacheTests {
  private static let machine = MachineIdentity(
    processor: "a processor", features: ["avx2+fma", "Haswell"], threads: 2, processors: 4,
    version: "1")

  private static var times: WorkTimes {
    var times = WorkTimes(machine)
    times["a step"] = WorkMeasurement(seconds: 0.001)
    times["a file"] = WorkMeasurement(seconds: 0.25, bytes: 1234)
    return times
  }

  @Test("come back as they were")
  func kept() throws {
    let folder = try TemporaryFolder()
    let cache = TimesCache(folder: folder.file("made/for/it"))
    #expect(cache.times(of: Self.machine).count == 0)
    try cache.keep(Self.times)
    #expect(cache.times(of: Self.machine) == Self.times)
    #expect(FilePaths.entries(of: cache.folder).count == 1)
  }

  @Test("serve no other processor, no other threads and no other version")
  func others() throws {
    let cache = TimesCache(folder: try TemporaryFolder().path)
    try cache.keep(Self.times)
    for change: (inout MachineIdentity) -> Void in [
      { $0.processor = "another" }, { $0.features = [] }, { $0.threads = 3 }, { $0.processors = 3 },
      { $0.version = "2" },
    ] {
      var machine = Self.machine
      change(&machine)
      #expect(cache.times(of: machine) == WorkTimes(machine))
      // Nor under the name of the other's file.
      #expect(WorkTimes(Self.times.bytes, of: machine) == nil)
    }
  }

  @Test("are made anew where a byte is damaged or missing")
  func damaged() throws {
    let bytes = Self.times.bytes
    #expect(WorkTimes(bytes, of: Self.machine) == Self.times)
    for count in 0..<(bytes.count - 1) {
      #expect(WorkTimes(Array(bytes.prefix(count)), of: Self.machine) == nil)
    }
    for place in bytes.indices.dropLast() {
      var damaged = bytes
      damaged[place] ^= 1
      #expect(WorkTimes(damaged, of: Self.machine) == nil, "\(place)")
    }
    let folder = try TemporaryFolder()
    let cache = TimesCache(folder: folder.path)
    try FilePaths.makeFolders(cache.file(of: Self.machine))
    #expect(cache.times(of: Self.machine).count == 0)
  }

  @Test("lie where caches of the user do, or nowhere")
  func folders() {
    func folder(_ variables: [String: String]) -> String? {
      TimesCache(environment: { variables[$0] })?.folder
    }
    #expect(folder(["HOME": "/home/a", "XDG_CACHE_HOME": "/cache"]) == "/cache/ecpipe")
    #expect(folder(["HOME": "/home/a", "XDG_CACHE_HOME": ""]) == "/home/a/.cache/ecpipe")
    #expect(folder(["HOME": "/home/a", "XDG_CACHE_HOME": "here"]) == "/home/a/.cache/ecpipe")
    #expect(folder([:]) == nil)
  }

  @Test("a processor is called what the kernel calls it")
  func processor() {
    let text = "processor\t: 0\nmodel\t\t: 1\nmodel name\t: A 3.00GHz: fast\nmodel name\t: B\n"
    #expect(MachineIdentity.processor(in: text) == "A 3.00GHz: fast")
    #expect(MachineIdentity.processor(in: "Features : fp\n") == "")
  }
}
