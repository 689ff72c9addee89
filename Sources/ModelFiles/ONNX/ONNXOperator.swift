/// The operators of ONNX that a fully-connected network can consist of.
enum ONNXOperator: String, CaseIterable {
  case gemm = "Gemm"
  case matMul = "MatMul"
  case add = "Add"
  case sub = "Sub"
  case mul = "Mul"
  case div = "Div"
  case batchNormalization = "BatchNormalization"
  case relu = "Relu"
  case leakyRelu = "LeakyRelu"
  case prelu = "PRelu"
  case tanh = "Tanh"
  case sigmoid = "Sigmoid"
  case softplus = "Softplus"
  case gelu = "Gelu"
  case swish = "Swish"
  /// Part of GELU in files of opset 19 and earlier.
  case erf = "Erf"
  /// With Where part of Softplus as PyTorch has it, which is x for large x.
  case greater = "Greater"
  case choice = "Where"
  case identity = "Identity"
  case dropout = "Dropout"
  case flatten = "Flatten"
  case reshape = "Reshape"
  case softmax = "Softmax"
  case logSoftmax = "LogSoftmax"
  case constant = "Constant"
  /// Of weights.
  case transpose = "Transpose"
  /// Of weights, from one floating-point type to another.
  case cast = "Cast"
  /// Of weights and numbers.
  case castLike = "CastLike"
  /// Of shapes.
  case concat = "Concat"
}
