import CZlib
import CZstd

/// A decompressor that is fed and drained in pieces, so that neither side lies in memory as a whole.
///
/// A class, because it owns the state of a library.
package protocol Unpacker: AnyObject {
  var format: CompressionError.Format { get }

  /// Unpacks some of `input` into `output`, as long as there is anything of both.
  ///
  /// - Parameter isEnd: whether nothing follows `input`.
  /// - Returns: how many bytes were taken and how many were written. Where both are 0, it takes more of
  ///   the input to go on, or at the end, everything is unpacked.
  /// - Throws: `CompressionError`.
  func unpack(
    _ input: UnsafeRawBufferPointer, isEnd: Bool, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> (used: Int, produced: Int)
}

/// The decompressors of files.
package enum Unpackers {
  /// One that stands at the begin of a file of `format`.
  /// - Throws: `CompressionError.outOfMemory`.
  package static func unpacker(
    of format: CompressionError.Format
  ) throws(CompressionError) -> any Unpacker {
    switch format {
    case .gzip: try DeflateUnpacker.gzip()
    case .deflate: try DeflateUnpacker.deflate()
    case .zstd: try ZstdUnpacker()
    }
  }

  /// Bytes that are unpacked at a time.
  private static let pieceSize = 1 << 18

  /// Unpacks a whole file of `format` that lies in memory.
  /// - Throws: `CompressionError`.
  static func unpack(
    _ input: UnsafeBufferPointer<UInt8>, of format: CompressionError.Format,
    into output: inout BoundedBytes
  ) throws(CompressionError) {
    let unpacker = try unpacker(of: format)
    let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: pieceSize)
    defer { piece.deallocate() }
    var used = 0
    while true {
      let rest = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: input[used...]))
      let step = try unpacker.unpack(rest, isEnd: true, into: UnsafeMutableRawBufferPointer(piece))
      if step == (0, 0) { return }
      try output.append(UnsafeBufferPointer(rebasing: piece[..<step.produced]))
      used += step.used
    }
  }
}

/// A gzip file, of one or more members, behind which zero padding may follow; or one raw deflate stream. Length
/// and CRC-32 of every member are verified.
private final class DeflateUnpacker: Unpacker {
  private enum State { case start, inside, behind, padding }

  let format: CompressionError.Format
  private var state: State
  // On the heap, because zlib keeps the stream's address.
  private let stream: UnsafeMutablePointer<z_stream>

  static func gzip() throws(CompressionError) -> DeflateUnpacker {
    try DeflateUnpacker(.gzip, windowBits: 31, .start)
  }

  static func deflate() throws(CompressionError) -> DeflateUnpacker {
    try DeflateUnpacker(.deflate, windowBits: -15, .inside)
  }

  private init(
    _ format: CompressionError.Format, windowBits: Int32, _ state: State
  ) throws(CompressionError) {
    self.format = format
    self.state = state
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, windowBits, ZLIB_VERSION, size) == Z_OK else {
      throw .outOfMemory(format)
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func unpack(
    _ input: UnsafeRawBufferPointer, isEnd: Bool, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> (used: Int, produced: Int) {
    guard input.count > 1 || isEnd else { return (0, 0) }
    switch state {
    case .start:
      guard let first = input.first else { throw .truncated(format) }
      guard first == 0x1f, input.count < 2 || input[1] == 0x8b else { throw .notThisFormat(format) }
      state = .inside
    case .inside: break
    case .behind:
      guard format == .gzip, input.count > 1, input[0] == 0x1f, input[1] == 0x8b else {
        state = .padding
        return try pad(input)
      }
      inflateReset(stream)
      state = .inside
    case .padding: return try pad(input)
    }
    return try inflate(input, isEnd: isEnd, into: output)
  }

  private func pad(_ input: UnsafeRawBufferPointer) throws(CompressionError) -> (Int, Int) {
    guard format == .gzip ? input.allSatisfy({ $0 == 0 }) : input.isEmpty else {
      throw .corrupt(format, reason: "other bytes follow its end")
    }
    return (input.count, 0)
  }

  private func inflate(
    _ input: UnsafeRawBufferPointer, isEnd: Bool, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> (used: Int, produced: Int) {
    let offered = min(input.count, 1 << 30)
    let room = min(output.count, 1 << 30)
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(offered)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    let status = CZlib.inflate(stream, Z_NO_FLUSH)
    let used = offered - Int(stream.pointee.avail_in)
    let produced = room - Int(stream.pointee.avail_out)
    switch status {
    case Z_STREAM_END: state = .behind
    case Z_OK, Z_BUF_ERROR:
      if used == 0, produced == 0, isEnd, room > 0 { throw .truncated(format) }
    case Z_MEM_ERROR: throw .outOfMemory(format)
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "invalid data"
      throw .corrupt(format, reason: reason)
    }
    return (used, produced)
  }
}

/// A zstd file: one or more frames, of any kind.
private final class ZstdUnpacker: Unpacker {
  let format = CompressionError.Format.zstd
  private let context: OpaquePointer
  /// Whether something was unpacked, and the frame in which it stands is not at its end.
  private var isStarted = false
  private var isInside = true

  init() throws(CompressionError) {
    guard let context = ZSTD_createDCtx() else { throw .outOfMemory(.zstd) }
    self.context = context
    try Zstd.check(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Zstd.largestWindowLog))
  }

  deinit { ZSTD_freeDCtx(context) }

  func unpack(
    _ input: UnsafeRawBufferPointer, isEnd: Bool, into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> (used: Int, produced: Int) {
    if input.isEmpty, !isInside { return (0, 0) }
    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    do throws(CompressionError) {
      isInside = try Zstd.check(ZSTD_decompressStream(context, &target, &source)) != 0
    } catch .notThisFormat where isStarted {
      throw .corrupt(.zstd, reason: "other bytes follow its end")
    }
    if source.pos > 0 { isStarted = true }
    if source.pos == 0, target.pos == 0, isEnd, output.count > 0 { throw .truncated(.zstd) }
    return (source.pos, target.pos)
  }
}
