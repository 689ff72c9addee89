"""The answer that every case of `hostile_files.py` has to get: its exit code, and words of its message.

Groups are commands: `export` and `show` of checkpoints (`show` answers as `export` where nothing else is
said here; it does not read the entries behind the description), `validate` and `run` of schedules,
`validate` with tables, `predict` with arrays; `status`, `verify` and `run --from finetune` of a run with
something in place of one of its files. What is not listed of a folder is 0, without a message: nothing
there is read, or it is replaced."""

from hostile_folder_answers import FOLDER_RUN, FOLDER_STATUS, FOLDER_VERIFY

EXPORT = {
    "seven bytes": (11, "the file ends after 7 bytes, inside its header"),
    "empty": (11, "the file ends after 0 bytes, inside its header"),
    "zeros": (11, "there is no JSON object behind the length"),
    "header of 2^64-1 bytes announced":
        (11, "the header announces 18446744073709551615 bytes where 2 are possible"),
    "header of 2^63 bytes announced":
        (11, "the header announces 9223372036854775808 bytes where 2 are possible"),
    "header of 1 TiB announced": (11, "the header announces 1099511627776 bytes where 2 are possible"),
    "header of 16 MiB and a byte":
        (11, "the header announces 16777217 bytes where 16777216 are possible"),
    "header of 16 MiB of spaces":
        (11, "the JSON is broken at byte 16777216: expected a name in quotes"),
    "header half a million deep": (11, "the JSON nests deeper than the 8 levels allowed"),
    "header of 5 million numbers": (11, "the JSON has more than the 1000000 values allowed"),
    "header that is no JSON": (11, "the JSON is broken at byte 1: expected a name in quotes"),
    "header in bad UTF-8": (11, "the JSON is broken at byte 2: expected valid UTF-8"),
    "100,001 entries": (11, "there are 100001 tensors, more than the 100000 allowed"),
    "100,000 entries": (65, "is no part of a fully-connected network"),
    "shape of 2^64 elements": (11, "tensor 'a' has the impossible shape [4294967296, 4294967296]"),
    "shape whose bytes overflow": (11, "tensor 'a' has the impossible shape [4611686018427387904]"),
    "shape of 10^30":
        (11, "tensor 'a' is described wrongly (\"shape[]\" has to be an integer and is a number"),
    "shape below zero": (11, "tensor 'a' has the impossible shape [-1, -1]"),
    "the same bytes twice": (11, "tensor 'b' begins inside the one before it"),
    "overlapping entries": (11, "tensor 'b' begins inside the one before it"),
    "a gap between entries": (11, "bytes 1..<2 of the data belong to no tensor"),
    "bytes behind the last entry": (11, "bytes 1..<2 of the data belong to no tensor"),
    "offsets that go back": (11, "tensor 'a' has the impossible offsets [1, 0]"),
    "an entry outside the file": (11, "tensor 'a' ends at byte 9 of 1"),
    "offsets below zero": (11, "tensor 'a' has the impossible offsets [-1, 0]"),
    "one name twice": (11, "the JSON object that ends at byte 117 gives \"a\" twice"),
    "a name with a line break":
        (11, "a tensor is named \"a\\nb\", which is empty, reserved or has control characters"),
    "no checkpoint, names that lead out":
        (65, "is no part of a fully-connected network"),
    "newer format": (65, "made by a newer ecpipe: format 99, this one reads 5"),
    "the next format": (65, "made by a newer ecpipe: format 6, this one reads 5"),
    "older format": (65, "made by an older ecpipe: format 1, this one reads 5"),
    "format below zero": (65, "made by an older ecpipe: format -1, this one reads 5"),
    "format in words": (11, "\"format\" has to be an integer and is a string"),
    "format and a half": (11, "\"format\" has to be an integer and is a number"),
    "format beyond 64 bits": (11, "\"format\" has to be an integer and is a number"),
    "a seal with more in it": (11, "the header was changed after it was written"),
    "description of a TiB announced": (11, "\"description.bytes\" is impossible"),
    "description of 2^63 bytes announced": (11, "\"bytes\" has to be an integer and is a number"),
    "description below zero": (11, "\"description.bytes\" is impossible"),
    "description of a byte announced": (11, "entry 'ecpipe': the zstd data unpacks to"),
    "description of 16 MiB and a byte": (11, "\"description.bytes\" is impossible"),
    "description of 16 MiB of spaces": (11, "the JSON is broken at byte 16777216: expected a value"),
    "description of 5 million numbers": (11, "the JSON has more than the 1000000 values allowed"),
    "description 8 million deep": (11, "the JSON nests deeper than the 64 levels allowed"),
    "description that is no JSON": (11, "the JSON is broken at byte 1: expected a name in quotes"),
    "description in other spacing": (11, "the header was changed after it was written"),
    "description that is empty": (11, "the JSON is broken at byte 0: expected a value"),
    "description with a key more": (11, "the header was changed after it was written"),
    "description frame that unpacks to a GiB":
        (11, "entry 'ecpipe': the zstd data unpacks to 1073741824 bytes where"),
    "layer of 10^12 weights": (11, "\"layers[1].inputs\" is not what the layer below gives"),
    "a network of 10^10 weights":
        (11, "the tensors take 32000000076 bytes of memory, more than the 4294967296 allowed"),
    "layer whose size overflows": (11, "\"layers[0]\" has an impossible size"),
    "layer of a size below zero": (11, "\"layers[0]\" has an impossible size"),
    "layer named ../../x": (11, "\"layers[0].name\" is no layer's name"),
    "layer with more survivors than weights":
        (11, "\"layers[0].weights\" is impossible for the layer's size"),
    "no layer": (11, "\"layers\" is empty"),
    "frame that announces a TiB":
        (11, "entry 'input.shift': the zstd data unpacks to 1099511627776 bytes where 32 were "),
    "frame that unpacks to a GiB":
        (11, "entry 'input.shift': the zstd data unpacks to 1073741824 bytes where 32 were announced"),
    "frame without a size":
        (11, "entry 'input.shift': the zstd data is damaged (the frame does not state its size"),
    "frame that unpacks to more than it says":
        (11, "entry 'input.shift': the zstd data unpacks to 4 bytes where 32 were announced"),
    "frame with a window of 3 TiB":
        (11, "entry 'input.shift': the zstd data is damaged (the frame does not state its size"),
    "an entry less": (11, "entry 'output.bias' is missing"),
    "an entry without a record": (11, "entry 'output.bias' does not belong where it stands"),
    "entries in another order": (11, "entry 'input.scale' does not belong where it stands"),
    "an entry of an unknown encoding":
        (11, "\"entries.hidden1.weight.values\" has an unknown encoding"),
    "values of another type": (11, "\"entries.hidden1.weight.values\" has an unknown encoding"),
    "values of a shape that overflows": (11, "\"entries.hidden1.weight.values.shape\" is impossible"),
    "50,000 entries more": (11, "entry 'x0' does not belong where it stands"),
    "values of a shape below zero": (11, "\"entries.hidden1.weight.values.shape\" is impossible"),
    "values that are no numbers": (11, "entry 'output.bias' holds an infinity or NaN"),
    "a mask of 2^60 bytes": (11, "\"entries.hidden1.weight.mask.shape\" is impossible"),
    "a mask of gaps behind the last weight": (11, "entry 'hidden1.weight.mask' does not fit its layer"),
    "a mask of gaps without end": (11, "\"entries.hidden1.weight.mask.shape\" is impossible"),
    "a mask of nothing": (11, "entry 'hidden1.weight.mask' does not fit its layer"),
    "a mask of bits behind the last weight": (11, "entry 'output.weight.mask' does not fit its layer"),
    "a mask told from nothing":
        (11, "entry 'hidden1.weight.mask' is not coded as gaps or removed_gaps or bits of shap"),
    "classes that are no list": (11, "entry 'classes' is not coded as an array of strings"),
    "classes of 40 digits": (11, "entry 'classes' is not coded as an array of strings"),
    "a base that is not there":
        (11, "it stores what changed since the checkpoint of key 00000000, which is missing or"),
    "a base named ../../x":
        (11, "it stores what changed since the checkpoint of key ../../x, which is missing or "),
    "an interface of 10^12 columns": (11, "\"interface.inputs[0].count\" is impossible"),
    "an interface of a column at two places":
        (11, "\"interface.inputs\" or other columns stand at one position twice"),
    "an interface of columns behind the last place":
        (11, "\"interface.inputs[0].position\" is impossible"),
    "an interface of a level twice":
        (11, "\"interface.inputs[0].levels\" are not those of a text column"),
    "an interface with a delimiter of three characters":
        (11, "\"interface.table.delimiter\" is none that tables have"),
    "an interface of another loss": (11, "\"interface.loss.delta\" is out of range"),
    "an interface that is a list": (11, "has to be inside an object and is inside an array"),
    "a base at the end of 2^40 others": (11, "\"base.chain\" is longer than any chain"),
    "a base below zero": (11, "\"base.chain\" is longer than any chain"),
    "a folder": (66, "no such file"),
    "a link to itself": (66, "no such file"),
    "a pipe": (65, "this is no regular file but a pipe or a device"),
    "a link to nothing": (66, "no such file"),
    "a link to a device without end": (65, "this is no regular file but a pipe or a device"),
    "a sparse file of a TiB": (65, "the file has 1099511627776 bytes, and"),
}

SHOW = {
    "a network of 10^10 weights": (0, ""),
    "frame that unpacks to a GiB": (0, ""),
    "frame that announces a TiB": (0, ""),
    "frame without a size": (0, ""),
    "frame that unpacks to more than it says": (0, ""),
    "frame with a window of 3 TiB": (0, ""),
    "an entry less": (0, ""),
    "entries in another order": (0, ""),
    "values that are no numbers": (0, ""),
    "a mask of gaps behind the last weight": (0, ""),
    "a mask of nothing": (0, ""),
    "a mask of bits behind the last weight": (0, ""),
    "a mask told from nothing": (0, ""),
    "a base that is not there": (0, ""),
    "a base named ../../x": (0, ""),
    "a pipe": (65, "this is no regular file but a pipe or a device"),
    "a link to a device without end": (65, "this is no regular file but a pipe or a device"),
    "a sparse file of a TiB": (65, "the file has 1099511627776 bytes, and"),
}

SCHEDULE = {
    "empty": (65, "the file holds no schedule"),
    "no YAML": (65, "the character U+0000 is not allowed in a schedule"),
    "a MiB and a byte": (65, "the file is larger than the 1048576 bytes that a schedule may have"),
    "lists 50,000 deep": (65, "the nesting is deeper than the 32 levels allowed"),
    "mappings 900 deep": (65, "the nesting is deeper than the 32 levels allowed"),
    "mappings 33 deep": (65, "the nesting is deeper than the 32 levels allowed"),
    "aliases for 9^10 nodes":
        (65, "there are more than the 100000 values allowed, counting those that aliases stand for"),
    "an alias to itself": (65, "no anchor &a is complete before this alias"),
    "a merge key": (65, "merging with << is not allowed"),
    "a key twice": (65, "the key \"seed\" is there more than once"),
    "two documents": (65, "a second document begins here"),
    "a tag": (65, "the tag tag:yaml.org,2002:python/object is not used in schedules"),
    "a seed beyond 64 bits": (65, "seed: 99999999999999999999 is out of range"),
    "a width of 10^18": (65, "model.hidden[0]: 1000000000000000000 is out of range"),
    "widths whose product overflows": (65, "model.hidden[1]: 4000000000 is out of range"),
    "a batch of 2^62": (65, "training.batch: 4611686018427387904 is out of range"),
    "a rate of 1e999": (65, "training.optimizer.adam.learning_rate: 1e999 is out of range"),
    "200,000 nodes":
        (65, "there are more than the 100000 values allowed, counting those that aliases stand for"),
    "a level of 9^99":
        (65, "checkpoints.level: 999999999999999999999999999999999999999999999999999999999999…"),
    "the name ../../evil": (65, "name: \"../../evil\" cannot name the folder of a run"),
    "the name /evil": (65, "name: \"/evil\" cannot name the folder of a run"),
    "the name ..": (65, "name: \"..\" cannot name the folder of a run"),
    "the name .": (65, "name: \".\" cannot name the folder of a run"),
    "the name .evil": (65, "name: \".evil\" cannot name the folder of a run"),
    "the name a/../../evil": (65, "name: \"a/../../evil\" cannot name the folder of a run"),
    "the name a\\0b": (65, "name: \"a\\0b\" cannot name the folder of a run"),
    "the name xxxxxxxxxxxxxxxxxxxx":
        (65, "name: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\" cannot nam"),
    "the name -rf": (65, "name: \"-rf\" cannot name the folder of a run"),
    "the name evil.lock": (65, "name: \"evil.lock\" cannot name the folder of a run"),
    "the name a\\nb": (65, "name: \"a\\nb\" cannot name the folder of a run"),
    "a folder": (65, "read failed: Is a directory"),
    "a link to itself": (65, "open failed: Too many levels of symbolic links"),
    "a link to nothing": (66, "no such"),
    "a link to a device without end": (65, "read failed: Invalid argument"),
    "a sparse file of a TiB":
        (65, "the file is larger than the 1048576 bytes that a schedule may have"),
}

TABLE = {
    ".csv zeros": (65, "there are no rows of data"),
    ".csv empty": (65, "there are no rows of data"),
    ".csv a quote that never ends": (65, "line 2: a quoted field has no closing quote"),
    ".csv a million columns, a row":
        (65, "every row has the label \"1\", and classification needs two classes"),
    ".csv rows of different lengths": (65, "line 2: there are 2 fields where the first row has 3"),
    ".csv 70,000 labels": (65, "there are more than 65536 different labels"),
    ".csv numbers that are none": (65, "for what is not finite: correct it or remove the row"),
    ".csv.gz no gzip": (65, "this is not gzip data"),
    ".csv.gz cut": (65, "the gzip data is truncated"),
    ".csv one line of 16 MiB": (65, "8388608 columns, and 1048576 are read at most"),
    ".csv.gz unpacks to 320 MiB":
        (65, "the gzip data unpacks to more than the"),
    ".csv.zst no zstd": (65, "this is not zstd data"),
    ".csv.zst announces a TiB":
        (65, "the zstd data is damaged (Frame requires too much memory for decoding"),
    ".csv.zst announces and unpacks to 4 GiB":
        (65, "the zstd data is damaged (Frame requires too much memory for decoding"),
    ".csv.zst a window of 3 TiB":
        (65, "the zstd data is damaged (Frame requires too much memory for decoding"),
    ".csv.zst a thousand empty frames": (65, "the zstd data is damaged (Unsupported frame parameter"),
    ".csv a folder": (65, "this is not a regular file"),
    ".csv a pipe": (65, "this is a pipe, which gives its data only once"),
    ".csv a link to itself": (65, "the file cannot be read (Too many levels of symbolic links"),
    ".csv a link to nothing": (66, "no such file"),
    ".csv a link to a device without end":
        (65, "this is a pipe, which gives its data only once"),
    ".csv a sparse file of a TiB": (65, "the file has 1099511627776 bytes, and"),
    ".csv.zst unpacks to 64 GiB":
        (65, "the zstd data unpacks to more than the"),
}

ARRAY = {
    ".npy shape that overflows":
        (65, "the NPY header promises 4611686018427387904 x 8 elements of 4 bytes, and 0 bytes"),
    ".npy shape beyond 64 bits": (65, "the NPY file is damaged (no length at byte 51 of the header"),
    ".npy shape below zero": (65, "the NPY file is damaged (no length at byte 51 of the header"),
    ".npy shape smaller than the data":
        (65, "the NPY header promises 1 x 4 elements of 4 bytes, and 64 bytes follow it"),
    ".npy shape larger than the data":
        (65, "the NPY header promises 1000000 x 4 elements of 4 bytes, and 16 bytes follow it"),
    ".npy header of 4 GiB announced": (65, "the NPY file is damaged (a header of 4294967295 bytes"),
    ".npy shape of 100,000 dimensions": (65, "the NPY file is damaged (a header of 200056 bytes"),
    ".npy header that is code":
        (65, "the NPY file is damaged (no quoted text at byte 10 of the header"),
    ".npy header 60,000 deep": (65, "the NPY file is damaged (key \"a\" in the header"),
    ".npy objects": (65, "the NPY file has elements of type \"|O\", which is not supported"),
    ".npy no header": (65, "the NPY file is damaged (it ends inside the header"),
    ".npz entry that unpacks to 320 MiB":
        (65, "a.npy: the file has 335544397 bytes, and"),
    ".npy version 9": (65, "the NPY file has format version 9, which is not supported"),
    ".npz entry that says 4 GiB":
        (65, "a.npy: the file has 4294967294 bytes, and"),
    ".npz entry that says 1 byte":
        (65, "a.npy: the deflate data unpacks to more than the 1 bytes allowed"),
    ".npz 20,000 names that lead out": (65, "it is not clear which entry to read"),
    ".npz cut": (65, "the NPZ file is damaged (its end is missing"),
    ".npz directory outside the file":
        (65, "the NPZ file is damaged (its directory is not where it should be"),
    ".npz 65,535 entries announced":
        (65, "the NPZ file has the zip64 form (over 4 GiB), which is not supported"),
    ".idx dimensions that overflow":
        (65, "the IDX header promises 4294967295 x 4294967295 x 4294967295 x 4294967295 elemen"),
    ".idx 255 dimensions":
        (65, "the IDX header promises 4294967295 x 4294967295 x 4294967295 x 4294967295 x 4294"),
    ".idx no dimension": (65, "the IDX header promises () elements of 1 byte, and 0 bytes follow it"),
    ".idx unknown type": (65, "this is not an IDX file"),
    ".idx cut": (65, "the IDX file is damaged (it ends inside the header"),
    ".npy a folder": (65, "this is not a regular file"),
    ".idx.gz unpacks to 320 MiB":
        (65, "the gzip data unpacks to more than the"),
    ".npy a link to itself": (65, "the file cannot be read (Too many levels of symbolic links"),
    ".npy a link to nothing": (66, "there is no such file"),
    ".npy a sparse file of a TiB": (65, "the file has 1099511627776 bytes, and"),
    ".npy a link to a device without end": (65, "this is not a regular file"),
}

SOUND = (0, "")


def answer(group, what):
    """The exit code and the words that the case `what` has to get from the commands of `group`."""
    if group == "show":
        return SHOW.get(what) or EXPORT[what]
    if group == "folder status":
        return FOLDER_STATUS.get(what, SOUND)
    if group == "folder verify":
        return FOLDER_VERIFY.get(what, SOUND)
    if group == "folder run":
        return FOLDER_RUN.get(what, SOUND)
    return {"export": EXPORT, "schedule": SCHEDULE, "table": TABLE, "array": ARRAY}[group][what]
