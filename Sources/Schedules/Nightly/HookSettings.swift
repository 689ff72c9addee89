import Storage

/// Commands that are called as a night goes on, with its report as JSON on standard input.
///
///     hooks:
///       after: {command: [notify, "{state}: {reason}"], states: [refused, failed], timeout: 30s}
///       promoted: [/usr/local/bin/deploy, "{champion}"]
package struct HookSettings: Sendable, Equatable {
  /// When a command is called.
  package enum Moment: String, Sendable, CaseIterable {
    /// Before anything; where it fails, the night does not begin.
    case before
    /// At the end, however the night ended.
    case after
    /// At the end of a night that failed.
    case error
    /// At the end of a night whose network was promoted.
    case promoted
    /// At the end of a night whose network was refused, or of which nothing could be decided.
    case refused
  }

  /// How a night ended.
  package enum State: String, Sendable, CaseIterable {
    case promoted, kept, refused, undecided, failed, interrupted
  }

  /// A command with when it is called.
  package struct Hook: Sendable, Equatable {
    /// The program and its arguments; no shell reads them. In arguments, `{night}`, `{name}`, `{state}`,
    /// `{reason}`, `{champion}` and `{log}` stand for what they say.
    package let command: [WrittenText]
    /// The ends of a night at which it is called.
    package let states: [State]
    /// How long it may take.
    package let timeout: Duration

    package init(
      command: [WrittenText], states: [State] = State.allCases, timeout: Duration = .seconds(60)
    ) {
      self.command = command
      self.states = states
      self.timeout = timeout
    }
  }

  package let hooks: [Moment: Hook]

  /// No commands.
  package static let none = HookSettings(hooks: [:])

  package init(hooks: [Moment: Hook]) { self.hooks = hooks }

  package static var block: Block<HookSettings> {
    Block(
      "hooks",
      "Commands that are called as a night goes on, with its report as JSON on standard input. One "
        + "that fails is a warning, but for `before`, without which the night does not begin.",
      hook(.before, "Before anything."), hook(.after, "At the end, however the night ended."),
      hook(.error, "At the end of a night that failed."),
      hook(.promoted, "At the end of a night whose network was promoted."),
      hook(.refused, "At the end of a night whose network was refused or not decided on."),
      make: { before, after, error, promoted, refused in
        let stated = zip(Moment.allCases, [before, after, error, promoted, refused])
        return HookSettings(
          hooks: Dictionary(
            uniqueKeysWithValues: stated.compactMap { moment, hook in hook.map { (moment, $0) } }))
      })
  }

  private static func hook(
    _ moment: Moment, _ summary: String
  ) -> Part<HookSettings, Hook?> {
    .optional(
      moment.rawValue, { $0.hooks[moment] }, Hook.form, absent: "none", changesResult: false,
      examples: [JSONValue([.string("true")])], summary)
  }
}

extension HookSettings.Hook {
  /// A command alone, or with its settings.
  fileprivate static var form: Form<Self> {
    let block = block
    return Form(.either([command.shape, .block(block.description)])) { field in
      if case .list = field.node.content { return command.read(field).map { Self(command: $0) } }
      return block.read(field)
    } write: {
      .object(block.encode($0))
    }
  }

  private static var block: Block<Self> {
    let states = Form<HookSettings.State>.word("state")
    return Block(
      "hook", "A command with when it is called.",
      .setting(
        "command", \.command, command, changesResult: false,
        examples: [JSONValue([.string("true")])],
        "The program and its arguments, read by no shell. In arguments `{night}`, `{name}`, `{state}`, "
          + "`{reason}`, `{champion}` and `{log}` stand for what they say."),
      .setting(
        "states", \.states, states.list(of: "states, such as [refused, failed]", 1...6),
        default: HookSettings.State.allCases, changesResult: false,
        "The ends of a night at which it is called."),
      .setting(
        "timeout", \.timeout, .duration(), default: .seconds(60), changesResult: false,
        "How long it may take before it is ended."),
      make: { Self(command: $0, states: $1, timeout: $2) })
  }

  /// A value that comes from the environment is written as it stands in the schedule, without addresses.
  private static var command: Form<[WrittenText]> {
    let word = Form<WrittenText>(.text("a program or an argument")) { field in
      field.string("a program or an argument", mayLackVariable: true)
    } write: {
      .string(HiddenAddress.masked($0.written))
    }
    return word.list(of: "words, such as [notify, \"{state}\"]", 1...256)
  }
}
