extension CFunctions {
  /// An odd polynomial below 0.625 (Cephes), else by e^x.
  static let tanh = """
    static float @tanh(float x)
    {
        const float magnitude = x < 0.0f ? -x : x;
        float large;
        if (magnitude < 0.625f) {
            const float s = x * x;
            float p = -5.70498872745e-3f;
            p = p * s + 2.06390887954e-2f;
            p = p * s - 5.37397155531e-2f;
            p = p * s + 1.33314422036e-1f;
            p = p * s - 3.33332819422e-1f;
            return p * s * x + x;
        }
        large = 1.0f - 2.0f / (@exp(2.0f * magnitude) + 1.0f);
        return x < 0.0f ? -large : large;
    }

    """

  /// log(1 + e^z) as max(z, 0) + log(1 + e^-|z|), the logarithm by an area tangent.
  static let softplus = """
    static float @softplus(float z)
    {
        const float e = @exp(z < 0.0f ? z : -z);
        const float t = e / (2.0f + e);
        const float s = t * t;
        float p = 0.06666667f;
        p = p * s + 0.07692308f;
        p = p * s + 0.09090909f;
        p = p * s + 0.11111111f;
        p = p * s + 0.14285714f;
        p = p * s + 0.2f;
        p = p * s + 0.33333333f;
        return (z > 0.0f ? z : 0.0f) + 2.0f * (t + t * s * p);
    }

    """

  /// z Φ(z), by erfc (Chebyshev fit of Press et al., Numerical Recipes).
  static let gelu = """
    /* erfc(x); relative error below 1e-6 for x up to 9. */
    static float @erfc(float x)
    {
        float magnitude = x < 0.0f ? -x : x;
        float t, high, low, p, tail;
        uint32_t bits;
        magnitude = magnitude > 20.0f ? 20.0f : magnitude;
        t = 1.0f / (1.0f + 0.5f * magnitude);
        memcpy(&bits, &magnitude, sizeof bits);
        bits &= 0xfffff000u;
        memcpy(&high, &bits, sizeof high);
        low = (magnitude - high) * (magnitude + high);
        p = 0.17087277f;
        p = p * t - 0.82215223f;
        p = p * t + 1.48851587f;
        p = p * t - 1.13520398f;
        p = p * t + 0.27886807f;
        p = p * t - 0.18628806f;
        p = p * t + 0.09678418f;
        p = p * t + 0.37409196f;
        p = p * t + 1.00002368f;
        p = p * t - 1.26551223f;
        tail = t * @exp(-high * high) * @exp(p - low);
        return x < 0.0f ? 2.0f - tail : tail;
    }

    static float @gelu(float z)
    {
        return z * (0.5f * @erfc(-z * 0.70710678118654752f));
    }

    """
}
