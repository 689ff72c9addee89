import Glibc
import Synchronization

/// A web server of one test on 127.0.0.1: it gives what a closure says, one connection after another.
final class LoopbackServer: Sendable {
  /// What is asked of it.
  struct Request: Sendable, Equatable {
    /// With its slash.
    let path: String
    /// The first byte that is wanted.
    let first: Int
  }

  /// What it gives.
  enum Answer: Sendable {
    /// The bytes from the wanted one on.
    case content([UInt8])
    /// All bytes, whatever was wanted.
    case whole([UInt8])
    /// The bytes, of which the connection is cut behind the first so many.
    case cut([UInt8], after: Int)
    /// The bytes so many times over, without a word of how many these are.
    case endless([UInt8], times: Int)
    /// Elsewhere.
    case redirect(String)
    /// Nothing, with a status.
    case status(Int)
  }

  /// The address of its root, without a slash at the end.
  let address: String
  private let socket: Int32
  private let log = Log()

  /// The requests so far.
  var requests: [Request] { log.requests.withLock { $0 } }
  /// How many times endless answers have gone out.
  var rounds: Int { log.rounds.withLock { $0 } }

  /// A server that answers each request by `answer`.
  init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &place) { place in
      place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
        bind(socket, place, length) == 0 && listen(socket, 8) == 0
          && getsockname(socket, place, &length) == 0
      }
    }
    guard status else { throw Failure() }
    self.socket = socket
    address = "http://127.0.0.1:\(UInt16(bigEndian: place.sin_port))"
    let log = log
    let thread = Thread {
      while true {
        let connection = accept(socket, nil, nil)
        if connection < 0 {
          // Only here, because its number may be another server's as soon as it is closed.
          close(socket)
          return
        }
        if let request = Self.request(on: connection) {
          log.requests.withLock { $0.append(request) }
          Self.send(answer(request), to: connection, first: request.first, log)
        }
        close(connection)
      }
    }
    try thread.start()
  }

  deinit {
    // Wakes the thread that waits for a connection, or is about to.
    shutdown(socket, Int32(SHUT_RDWR))
  }

  /// No socket could be had.
  struct Failure: Error {}

  private static func request(on connection: Int32) -> Request? {
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !text.contains("\r\n\r\n") {
      let count = read(connection, &buffer, buffer.count)
      if count <= 0 { return nil }
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
    let lines = text.split(separator: "\r\n")
    let words = lines[0].split(separator: " ")
    let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
    let first = range?.split(separator: "=")[1].split(separator: "-").first.flatMap { Int($0) }
    return Request(path: String(words[1]), first: first ?? 0)
  }

  private static func send(_ answer: Answer, to connection: Int32, first: Int, _ log: Log) {
    switch answer {
    case .content(let bytes) where first > 0:
      let rest = bytes.dropFirst(first)
      write(
        "206 Partial Content", rest.count, Array(rest), to: connection,
        "Content-Range: bytes \(first)-\(bytes.count - 1)/\(bytes.count)\r\n")
    case .content(let bytes), .whole(let bytes):
      write("200 OK", bytes.count, bytes, to: connection)
    case .cut(let bytes, let count):
      write("200 OK", bytes.count, Array(bytes.prefix(count)), to: connection)
    case .endless(let bytes, let times):
      send(Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8), to: connection)
      for _ in 0..<times {
        if !send(bytes, to: connection) { return }
        log.rounds.withLock { $0 += 1 }
      }
    case .redirect(let address):
      write("302 Found", 0, [], to: connection, "Location: \(address)\r\n")
    case .status(let code):
      write("\(code) Other", 0, [], to: connection)
    }
  }

  private static func write(
    _ status: String, _ length: Int, _ body: [UInt8], to connection: Int32, _ header: String = ""
  ) {
    let head =
      "HTTP/1.1 \(status)\r\nContent-Length: \(length)\r\n\(header)Connection: close\r\n\r\n"
    send(Array(head.utf8) + body, to: connection)
  }

  /// - Returns: whether the other side took all.
  @discardableResult
  private static func send(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }
}

/// What was asked for, by connections.
private final class Log: Sendable {
  let requests = Mutex<[LoopbackServer.Request]>([])
  let rounds = Mutex(0)
}

/// A thread that runs a closure and is waited for by nobody.
private final class Thread {
  private let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  func start() throws {
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Thread>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    guard status == 0 else { throw LoopbackServer.Failure() }
    pthread_detach(thread)
  }
}
