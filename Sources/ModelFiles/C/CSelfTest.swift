/// The part of a C program that tries it on rows whose outputs are known.
struct CSelfTest {
  /// Of outputs.
  let type: String
  /// Of the elements of working memory.
  let scratch: String
  /// Raw inputs, and outputs as C has them.
  let rows: [(inputs: [Float], outputs: [String])]
  /// The statement that computes `outputs` from `inputs[row]` with `scratch`.
  var statement = "@run(inputs[row], outputs, scratch);"

  /// The text; without rows a function that finds nothing.
  func text(_ facts: CFacts) -> String {
    guard !rows.isEmpty else {
      return facts.named("#ifdef $SELF_TEST\nint @self_test(void)\n{\n    return 0;\n}\n#endif\n")
    }
    func table(_ rows: [[String]]) -> String {
      rows.map { "        {\n" + CText.wrapped($0, indent: "            ") + "\n        }" }
        .joined(separator: ",\n")
    }
    return facts.named(
      """
      #ifdef $SELF_TEST
      int @self_test(void)
      {
          static const float inputs[\(rows.count)][$INPUTS] = {
      \(table(rows.map { $0.inputs.map(CText.float) }))
          };
          static const \(type) expected[\(rows.count)][$OUTPUTS] = {
      \(table(rows.map(\.outputs)))
          };
          static \(scratch) scratch[$SCRATCH];
          static \(type) outputs[$OUTPUTS];
          int wrong = 0;
          for (int row = 0; row < \(rows.count); row++) {
              \(statement)
              for (int output = 0; output < $OUTPUTS; output++) {
                  wrong += outputs[output] == expected[row][output] ? 0 : 1;
              }
          }
          return wrong;
      }
      #endif

      """)
  }
}
