import NeuralNetworks

extension ModelExport {
  /// The same without what cannot matter, and what that was. Nothing trains behind an export, so weights that
  /// are 0 count as removed.
  ///
  /// - Parameter dropsInputs: whether inputs that nothing reads go too, so that the files take fewer.
  package func shrunk(
    dropsInputs: Bool = false
  ) -> (export: ModelExport, report: ShrinkingReport?) {
    let (small, report) = Shrinking(removesZeros: true, dropsInputs: dropsInputs).shrink(state)
    var export = self
    export.state = small
    return (export, report)
  }
}
