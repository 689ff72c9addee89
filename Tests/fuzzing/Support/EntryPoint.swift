/// What libFuzzer calls with every input; each target defines `fuzz(_:)`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  fuzz(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// Ends the process, which libFuzzer reports as a crash, unless `condition` holds.
func require(_ condition: Bool, _ promise: @autoclosure () -> String) {
  if !condition { fatalError("broken promise: \(promise())") }
}

/// What `body` returns, where bytes that a decoder has accepted leave it no reason to throw.
func accepted<Result>(_ promise: String, _ body: () throws -> Result) -> Result {
  do { return try body() } catch { fatalError("broken promise: \(promise): \(error)") }
}

/// What `decode` returns; nil where it refuses the input with a message that can be shown.
func decoded<Result>(_ decode: () throws -> Result) -> Result? {
  do { return try decode() } catch {
    require(!"\(error)".isEmpty, "a refusal says why")
    return nil
  }
}
