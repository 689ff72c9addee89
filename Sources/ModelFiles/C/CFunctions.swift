import Engine

/// The functions of a C program in float, as text; `@` stands for what all names begin with.
enum CFunctions {
  /// What keeps compilers from other bits, and what cannot be kept from them.
  static let exactness = """
    #if defined(__FAST_MATH__)
    #error "compile this without -ffast-math, which changes results"
    #endif
    #if defined(FLT_EVAL_METHOD)
    #if FLT_EVAL_METHOD < 0 || FLT_EVAL_METHOD == 1 || FLT_EVAL_METHOD == 2
    #error "float is computed more exactly here, which changes results; on x86 say -mfpmath=sse -msse2"
    #endif
    #endif
    #if defined(__GNUC__) && !defined(__clang__)
    #pragma GCC optimize("fp-contract=off")
    #else
    #pragma STDC FP_CONTRACT OFF
    #endif

    """

  /// W x + b of a layer that is stored as `form` says.
  static func rows(_ form: CRows.Form) -> String {
    switch form {
    case .dense:
      """
      /* out = W x + b. Each sum goes from the left to the right, and the bias comes last. */
      static void @dense(const float *weights, const float *bias, size_t rows, size_t columns,
                         const float *x, float *out)
      {
          for (size_t row = 0; row < rows; row++) {
              float sum = 0.0f;
              for (size_t column = 0; column < columns; column++) {
                  sum += *weights++ * x[column];
              }
              out[row] = sum + bias[row];
          }
      }

      """
    case .mask:
      """
      /* The same where a bit says for each place, lowest first, whether a weight is stored. */
      static void @masked(const float *weights, const uint8_t *mask, const float *bias,
                          size_t rows, size_t columns, const float *x, float *out)
      {
          for (size_t row = 0; row < rows; row++) {
              float sum = 0.0f;
              for (size_t column = 0; column < columns; column += 8) {
                  const float *at = x + column;
                  for (unsigned bits = *mask++; bits != 0u; bits >>= 1) {
                      if ((bits & 1u) != 0u) {
                          sum += *weights++ * *at;
                      }
                      at++;
                  }
              }
              out[row] = sum + bias[row];
          }
      }

      """
    case .deltas(let place, let count):
      """
      /* The same where each row has a number of stored weights, each so many places behind the last. */
      static void @\(call(form))(const float *weights, const \(place.type) *steps,
                                 const \(count.type) *counts, const float *bias, size_t rows,
                                 const float *x, float *out)
      {
          for (size_t row = 0; row < rows; row++) {
              const float *at = x;
              float sum = 0.0f;
              for (unsigned left = counts[row]; left > 0u; left--) {
                  at += *steps++;
                  sum += *weights++ * *at;
              }
              out[row] = sum + bias[row];
          }
      }

      """
    }
  }

  /// The name of the function for `form`, without what all begin with.
  static func call(_ form: CRows.Form) -> String {
    switch form {
    case .dense: "dense"
    case .mask: "masked"
    case .deltas(let place, let count): "compressed_\(place.rawValue)\(count.rawValue)"
    }
  }

  /// Whether values need a function that looks at the bits of a float.
  static func needsExponential(_ activation: Activation) -> Bool {
    switch activation {
    case .identity, .relu, .leakyRelu, .prelu: false
    case .tanh, .sigmoid, .gelu, .silu, .softplus: true
    }
  }

  /// e^x.
  static let exponential = """
    /* e^x by x = n ln 2 + r and a polynomial (Cephes); relative error below 2e-7. */
    static float @exp(float x)
    {
        float shifted, n, r, p, power;
        uint32_t bits;
        if (x != x) {
            return x;
        }
        x = x < -87.33f ? -87.33f : x;
        x = x > 88.0f ? 88.0f : x;
        shifted = x * 1.44269504088896341f + 12582912.0f;
        n = shifted - 12582912.0f;
        r = x - n * 0.693359375f;
        r = r + n * 2.12194440e-4f;
        p = 1.9875691500e-4f;
        p = p * r + 1.3981999507e-3f;
        p = p * r + 8.3334519073e-3f;
        p = p * r + 4.1665795894e-2f;
        p = p * r + 1.6666665459e-1f;
        p = p * r + 5.0000001201e-1f;
        p = p * r * r + r + 1.0f;
        memcpy(&bits, &shifted, sizeof bits);
        bits = (bits << 23) + 0x3f800000u;
        memcpy(&power, &bits, sizeof power);
        return p * power;
    }

    """

  /// 1 / (1 + e^-x).
  static let sigmoid = """
    static float @sigmoid(float x)
    {
        return 1.0f / (1.0f + @exp(-x));
    }

    """

  /// What the function of `activation` uses beside: names of `exponential` and `sigmoid`.
  static func uses(_ activation: Activation) -> (exponential: Bool, sigmoid: Bool) {
    (needsExponential(activation), activation == .sigmoid || activation == .silu)
  }

  /// σ(z) of one number; nil where it stands in the loop itself.
  static func scalar(_ activation: Activation) -> String? {
    switch activation {
    case .identity, .relu, .leakyRelu, .prelu, .sigmoid: nil
    case .tanh: tanh
    case .gelu: gelu
    case .silu:
      """
      static float @silu(float z)
      {
          return z * @sigmoid(z);
      }

      """
    case .softplus: softplus
    }
  }

  /// The loop that applies `activation` to all units of a layer; nil for the identity.
  static func loop(_ activation: Activation, unitSlopes: Bool) -> String? {
    let term: String
    var parameters = ""
    switch activation {
    case .identity: return nil
    case .relu: term = "z < 0.0f ? 0.0f : z"
    case .leakyRelu, .prelu:
      term = "z > 0.0f ? z : slope\(unitSlopes ? "s[unit]" : "") * z"
      parameters = unitSlopes ? ", const float *slopes" : ", float slope"
    case .tanh, .sigmoid, .gelu, .silu, .softplus: term = "@\(activation.rawValue)(z)"
    }
    return """
      static void @\(loopName(activation, unitSlopes: unitSlopes))(float *values, size_t units\(parameters))
      {
          for (size_t unit = 0; unit < units; unit++) {
              const float z = values[unit];
              values[unit] = \(term);
          }
      }

      """
  }

  /// The name of the loop, without what all names begin with.
  static func loopName(_ activation: Activation, unitSlopes: Bool) -> String {
    switch activation {
    case .identity, .relu, .tanh, .sigmoid, .gelu, .silu, .softplus:
      "each_\(activation.rawValue)"
    case .leakyRelu, .prelu: unitSlopes ? "each_with_its_slope" : "each_with_slope"
    }
  }
}
