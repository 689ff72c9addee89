"""The dense products of training steps against the sgemm of MKL (PyTorch's) and of OpenBLAS (ecpipe's own),
whichever is faster, on one thread."""
AIM = 0.95  # of the faster one's rate
# How many times the rounds of whole steps. A product is work without chance, so the fastest of all rounds counts: the
# clock of a shared machine changes from one round to the next, by more than the libraries differ.
TIMES_THE_ROUNDS = 3


class Product:
    """Rounds of one product, ROWSxCOLUMNSxINNER[/transposed]."""

    def __init__(self, name):
        self.name = name
        self.operations = 0
        self.ours, self.theirs, self.tools = [], [], []

    def add(self, ours, peer):
        times = [(ours["sgemm_ms"], "OpenBLAS"), (peer.milliseconds(f"product/{self.name}")[0], "MKL")]
        time, tool = min(times)
        self.operations = ours["operations"]
        self.ours.append(ours["ms"])
        self.theirs.append(time)
        self.tools.append(tool)

    @property
    def ratio(self):
        return min(self.theirs) / min(self.ours)

    @property
    def tool(self):
        """Whose sgemm was the fastest."""
        return self.tools[self.theirs.index(min(self.theirs))]

    @property
    def is_reached(self):
        return self.ratio >= AIM

    def rate(self, times):
        """GFLOP/s."""
        return self.operations / min(times) / 1e6

    @property
    def line(self):
        return (
            f"{self.name:24} {self.rate(self.theirs):10.1f} {self.rate(self.ours):10.1f} {self.ratio:7.2f}  "
            f"{'':13} {AIM:6.2f}  {'':8} {'reached' if self.is_reached else 'missed':8} {self.tool}")


def measure(peer, bench, rounds):
    """The results of all products; `bench` is what `ecpipe bench --products --json` says, measured anew at
    each call."""
    print(f"{'product':24} {'sgemm':>10} {'ecpipe':>10} {'ratio':>7}  {'GFLOP/s':13} {'aim':>6}")
    products = {}
    for _ in range(TIMES_THE_ROUNDS * rounds):
        for name, ours in bench()["products"].items():
            products.setdefault(name, Product(name)).add(ours, peer)
    for product in products.values():
        print(product.line, flush=True)
    return list(products.values())


def table(results, titles):
    """Products by instruction set, as a table for the documentation."""
    head = ["product"]
    for title in titles:
        head += [f"{title}: sgemm GFLOP/s", "of", "ecpipe GFLOP/s", "ratio"]
    lines = [head, ["---"] * len(head)]
    for cells in zip(*results):
        line = [cells[0].name]
        for cell in cells:
            line += [f"{cell.rate(cell.theirs):.1f}", cell.tool, f"{cell.rate(cell.ours):.1f}",
                     f"{cell.ratio:.2f}"]
        lines.append(line)
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
