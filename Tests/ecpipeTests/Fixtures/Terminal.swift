import Glibc

/// A terminal that a program can be given, and what the program shows on it.
///
/// A class, because it owns a file descriptor.
final class Terminal {
  /// The path of the end that a program opens.
  let path: String
  private let descriptor: Int32

  /// TIOCSPTLCK and TIOCGPTN of Linux, which no header gives to Swift: the functions of POSIX are
  /// hidden behind _GNU_SOURCE.
  private static let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

  init() throws {
    descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (lock, number): (Int32, UInt32) = (0, 0)
    guard descriptor >= 0, ioctl(descriptor, Self.setLock, &lock) == 0,
      ioctl(descriptor, Self.getNumber, &number) == 0
    else { throw ProgramError.notStarted(code: errno) }
    path = "/dev/pts/\(number)"
  }

  deinit { close(descriptor) }

  /// All that `program` shows until it ends.
  func text(of program: RunningProgram) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    var isOver = false
    while true {
      var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&question, 1, 20) > 0, question.revents & Int16(POLLIN) != 0 {
        let count = read(descriptor, &buffer, buffer.count)
        if count > 0 {
          bytes += buffer[..<count]
          continue
        }
      }
      // Once more after the end, for what came between the question and the end.
      if isOver { return String(decoding: bytes, as: UTF8.self) }
      isOver = program.hasEnded
    }
  }
}
