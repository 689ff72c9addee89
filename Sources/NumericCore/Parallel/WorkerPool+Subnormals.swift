import CKernels

extension WorkerPool {
  /// The same as `run`, in the caller's own floating-point mode on all threads: for tasks that read numbers
  /// rather than compute with them, so that subnormal ones are not taken for 0.
  package func runKeepingSubnormals(tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    let usual = eck_enter_floating_point_mode()
    eck_leave_floating_point_mode(usual)
    runUsually(tasks: tasks) { task, worker in
      let mode = eck_enter_floating_point_mode()
      eck_leave_floating_point_mode(usual)
      defer { eck_leave_floating_point_mode(mode) }
      body(task, worker)
    }
  }

  /// What `body` returns for each task in 0..<tasks, in their order, computed as `runKeepingSubnormals` does.
  package func mapKeepingSubnormals<Value>(
    tasks: Int, _ body: (_ task: Int) -> Value
  ) -> [Value] {
    [Value](unsafeUninitializedCapacity: tasks) { values, count in
      runKeepingSubnormals(tasks: tasks) { task, _ in
        values.initializeElement(at: task, to: body(task))
      }
      count = tasks
    }
  }
}
