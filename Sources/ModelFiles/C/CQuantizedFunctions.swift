/// The functions of a C program in bytes, as text; `@` stands for what all names begin with.
enum CQuantizedFunctions {
  /// A byte for a sum.
  static let byte = """
    /*
     * The byte for a sum: zero + sum times multiplier / 2^(31 + shift), rounded as CMSIS-NN does it, at
     * least `least`. A right shift of a negative number keeps its sign, as with all compilers.
     */
    static int8_t @byte(int32_t sum, int32_t multiplier, int shift, int32_t zero, int32_t least)
    {
        const int64_t product = (int64_t)sum * multiplier + ((int64_t)1 << 30);
        const int32_t doubled = (int32_t)(product >> 31);
        const int32_t mask = (int32_t)(((uint32_t)1 << shift) - 1u);
        const int32_t middle = (mask >> 1) + (doubled < 0 ? 1 : 0);
        int32_t value = (doubled >> shift) + ((doubled & mask) > middle ? 1 : 0) + zero;
        value = value < least ? least : value;
        return (int8_t)(value > 127 ? 127 : value);
    }

    """

  /// A layer that is stored as `form` says.
  /// - Parameter slopes: whether sums below 0 have multipliers of their own.
  static func rows(_ form: CRows.Form, slopes: Bool) -> String {
    let below = slopes ? " const int32_t *below," : ""
    let scale = "const int32_t *bias, const int32_t *multipliers,\(below)"
    let factor = slopes ? "(sum < 0 ? below : multipliers)[row]" : "multipliers[row]"
    let result = "out[row] = @byte(sum, \(factor), shift, zero, least);"
    let name = call(form, slopes: slopes)
    let tail = """
      int shift, int32_t zero, int32_t least, const int8_t *x,
          int8_t *out)
      {
          for (size_t row = 0; row < rows; row++) {
      """
    switch form {
    case .dense:
      return """
        static void @\(name)(
            const int8_t *weights, \(scale)
            size_t rows, size_t columns, \(tail)
                int32_t sum = bias[row];
                for (size_t column = 0; column < columns; column++) {
                    sum += (int32_t)*weights++ * x[column];
                }
                \(result)
            }
        }

        """
    case .mask:
      return """
        /* A bit says for each place, lowest first, whether a weight is stored. */
        static void @\(name)(
            const int8_t *weights, const uint8_t *mask, \(scale)
            size_t rows, size_t columns, \(tail)
                int32_t sum = bias[row];
                for (size_t column = 0; column < columns; column += 8) {
                    const int8_t *at = x + column;
                    for (unsigned bits = *mask++; bits != 0u; bits >>= 1) {
                        if ((bits & 1u) != 0u) {
                            sum += (int32_t)*weights++ * *at;
                        }
                        at++;
                    }
                }
                \(result)
            }
        }

        """
    case .deltas(let place, let count):
      return """
        /* Each row has a number of stored weights, each so many places behind the last. */
        static void @\(name)(
            const int8_t *weights, const \(place.type) *steps, const \(count.type) *counts,
            \(scale)
            size_t rows, \(tail)
                const int8_t *at = x;
                int32_t sum = bias[row];
                for (unsigned left = counts[row]; left > 0u; left--) {
                    at += *steps++;
                    sum += (int32_t)*weights++ * *at;
                }
                \(result)
            }
        }

        """
    }
  }

  /// The name of the function, without what all begin with.
  static func call(_ form: CRows.Form, slopes: Bool) -> String {
    CFunctions.call(form) + (slopes ? "_with_slopes" : "")
  }

  /// What bytes become by a table.
  static let table = """
    static void @look_up(const int8_t *table, size_t units, int8_t *values)
    {
        for (size_t unit = 0; unit < units; unit++) {
            values[unit] = table[values[unit] + 128];
        }
    }

    """
}
