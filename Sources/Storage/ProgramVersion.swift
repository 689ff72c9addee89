/// The version of `ecpipe`, as files for others name it.
package enum ProgramVersion {
  /// Major, minor and patch.
  package static let current = "0.1.0"
}
