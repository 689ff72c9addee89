/// A checkpoint file as it lies on disk.
func fuzz(_ input: [UInt8]) { fuzzCheckpoint(input) }
