import ModelFiles

/// The digest of all bytes: checks of digests always pass, so that what lies behind them is reached.
let anyDigest: ContentDigest = { _ in "0" }
