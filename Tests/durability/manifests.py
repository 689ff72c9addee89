"""Whether two runs say the same in `run.json`, but for when and where they ran."""

# What two runs with the same results may say differently: when they ran, and where their files lay.
# An evaluation compares with the dense network only where that one's checkpoint is there.
PASSING = {
    "against", "finished_at", "inode", "modified", "path", "peak_memory_bytes",
    "schedule_path", "wall_clock_seconds"}
# What a record says of its stage's file, which may be let go.
OF_FILE = {"base", "bytes", "file", "sha256"}


def lasting(value):
    """A part of `run.json` without what differs from run to run."""
    if isinstance(value, dict):
        return {key: lasting(each) for key, each in value.items() if key not in PASSING}
    if isinstance(value, list):
        return [lasting(each) for each in value]
    return value


def differences(expected, found, ignoring=()):
    """Where `found` says something else than `expected`, in whatever order its stages are.

    Of the files `ignoring` it may say anything."""
    if expected is None or found is None:
        return [] if expected is found else ["run.json is missing in one of two runs"]
    expected, found = lasting(expected), lasting(found)
    problems = []
    for document in (expected, found):
        document.pop("sha256", None)
    stages, others = ({stage["key"]: stage for stage in document.pop("stages")}
                      for document in (expected, found))
    for key in sorted({**expected, **found}):
        if expected.get(key) != found.get(key):
            problems.append(f"run.json has another {key}")
    for key in {**stages, **others}:
        one, other = stages.get(key), others.get(key)
        if one is None or other is None:
            name = (one or other)["name"]
            problems.append(f"run.json has {'too much' if one is None else 'lost'}: {name}")
        elif one != other:
            is_ignored = one["file"] in ignoring or other["file"] in ignoring
            fields = [
                field for field in sorted({**one, **other}) if one.get(field) != other.get(field)
                and not (is_ignored and field in OF_FILE)]
            if fields:
                problems.append(f"run.json tells of {one['name']} another {', '.join(fields)}")
    return problems
