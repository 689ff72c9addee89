/// Sorts 31-bit keys in time proportional to their number.
enum RadixSort {
  /// `keys` in ascending order; each key is below 2^31.
  ///
  /// Three stable passes of 11 bits from the lowest up; short arrays are left to the comparison
  /// sort, for which the bins would be too many.
  static func sorted(_ keys: [UInt32]) -> [UInt32] {
    if keys.count <= 2048 { return keys.sorted() }
    var source = keys
    var target = keys
    for shift: UInt32 in [0, 11, 22] {
      var places = Array(repeating: 0, count: 2048)
      for key in source { places[Int(key >> shift & 2047)] += 1 }
      var place = 0
      for bin in places.indices {
        let count = places[bin]
        places[bin] = place
        place += count
      }
      for key in source {
        let bin = Int(key >> shift & 2047)
        target[places[bin]] = key
        places[bin] += 1
      }
      swap(&source, &target)
    }
    return source
  }
}
