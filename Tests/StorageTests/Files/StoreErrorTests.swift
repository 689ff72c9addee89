import Glibc
import Storage
import Testing

@Suite("StoreError") struct StoreErrorTests {
  @Test(
    "the message names the file, the operation and the system's reason",
    arguments: [
      (
        StoreError(operation: "rename", path: "a/b", code: EACCES),
        "a/b: rename failed: Permission denied"
      ),
      (
        StoreError(operation: "open", path: "a", code: EROFS),
        "a: open failed: Read-only file system"
      ),
      (
        StoreError(operation: "fsync", path: "a", code: EIO, needed: 7),
        "a: fsync failed: Input/output error"
      ),
      (
        StoreError(operation: "write", path: "a", code: ENOSPC, needed: 123),
        "a: the disk is full: 123 bytes are needed there; make space and run the same command again"
      ),
      (
        StoreError(operation: "symlink", path: "a", code: ENOSPC),
        "a: the disk is full; make space and run the same command again"
      ),
      (
        StoreError(operation: "close", path: "a", code: EDQUOT, needed: 1),
        "a: the disk is full: 1 bytes are needed there; make space and run the same command again"
      ),
    ])
  func description(error: StoreError, text: String) { #expect("\(error)" == text) }

  @Test("which errors mean that something is not there")
  func missing() {
    #expect(StoreError(operation: "open", path: "a", code: ENOENT).isMissing)
    #expect(StoreError(operation: "open", path: "a", code: ENOTDIR).isMissing)
    #expect(!StoreError(operation: "open", path: "a", code: EACCES).isMissing)
  }
}
