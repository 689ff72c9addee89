/// The derivative of `f` at `x` by central differences, exact to about step² times the third
/// derivative plus 1e-16 / step times the value.
package func centralDifference(at x: Double, step: Double = 1e-5, _ f: (Double) -> Double) -> Double
{
  (f(x + step) - f(x - step)) / (2 * step)
}
