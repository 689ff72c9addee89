"""The drawn stages that prune: criteria, budgets, rounds, searches."""

CRITERIA = [
    "ec", "ec", "magnitude", "gradient_magnitude", "gradient_magnitude_signed", "taylor", "variance",
    "wanda", "obd", "random", "nonlinear"]
CURVES = ["cubic", "one_shot", "linear", "exponential", "cosine"]


class DrawnPruning:
    """Of a schedule that is drawn with `draw` for `data`, and knows the stages before."""

    def target(self, low=0.1, high=0.95):
        """A sparsity beyond that of the stages before."""
        low = min(max(low, self.removed + 0.02), high)
        self.removed = self.draw.number(low, high, 2)
        return self.removed

    def criterion(self, budget):
        draw = self.draw
        settings = {}
        granularity, policy = budget.get("granularity"), budget.get("policy", "global")
        is_grouped = isinstance(granularity, dict)
        if draw.maybe(0.8):
            unfit = {"wanda"} if policy in ("global", "lamp") and not is_grouped else set()
            unfit |= {"gradient_magnitude_signed"} if policy == "lamp" else set()
            unfit |= {"obd"} if self.data.loss in ("mae", "huber") else set()
            settings["criterion"] = draw.choice([name for name in CRITERIA if name not in unfit])
        if draw.maybe(0.5):
            settings["metric"] = draw.choice(["fisher", "output", "none"])
        if draw.maybe(0.6):
            settings["compensation"] = draw.choice(["ec", "none", "mean", "least_squares"])
        if draw.maybe(0.2):
            settings["probes"] = draw.randint(1, 40)
        if draw.maybe(0.3):
            settings["samples"] = draw.choice(["all", draw.randint(1, max(2, self.data.rows // 3))])
        if draw.maybe(0.25) and not is_grouped:
            settings["steps"] = draw.randint(2, 4)
        if draw.maybe(0.25) and not is_grouped and granularity != "unit":
            settings["regrow"] = draw.number(0.05, 0.6, 2)
        return settings

    def budget(self, may_state=True, may_measure_time=False):
        """A budget, and whether it says itself how much stays."""
        draw = self.draw
        if draw.maybe(0.2):
            return {}, False
        if may_state and self.removed == 0 and draw.maybe(0.2):
            self.removed = 0.9
            size = draw.choice([2, 3, 4, 8])
            budget = {"granularity": {"n_of_m": {"keep": draw.randint(1, size - 1), "of": size}}}
            if draw.maybe(0.5):
                budget["layers"] = {"output": {"keep": True}}
            return budget, True
        policies = ["global", "global", "uniform", "erk", "lamp", "sensitivity", "optimal", "optimal"]
        policy = draw.choice(policies + (["manual"] if may_state else []))
        budget = {"policy": policy}
        if policy in ("global", "uniform", "erk", "lamp", "manual") and self.hidden and draw.maybe(0.3):
            budget["granularity"] = "unit"
        if policy in ("sensitivity", "optimal") and draw.maybe(0.3):
            budget["ladder"] = sorted(draw.sample([0.2, 0.4, 0.5, 0.6, 0.8, 0.9, 0.95], 3))
        if policy == "manual":
            return {**budget, "layers": self.densities("granularity" in budget)}, True
        if may_state and policy == "optimal" and draw.maybe(0.4):
            self.removed = 0.9
            budget["limit"] = self.limit(may_measure_time)
            return budget, True
        if draw.maybe(0.2):
            budget["min_density"] = draw.number(0, 0.2)
        if draw.maybe(0.2):
            budget["max_sparsity"] = draw.number(0.8, 0.99, 2)
        if draw.maybe(0.3):
            budget["layers"] = self.limits()
        return budget, False

    def limit(self, may_measure_time):
        widths = [self.data.inputs, *self.hidden, self.data.outputs]
        weights = sum(a * b for a, b in zip(widths, widths[1:]))
        if may_measure_time and self.draw.maybe(0.4):
            self.is_timed = True
            return {"milliseconds": self.draw.power(-3, -1), "batch": self.draw.choice([1, 16])}
        share = self.draw.uniform(0.2, 0.9)
        if self.draw.maybe(0.5):
            return {"bytes": int(4 * weights * share) + 6 * sum(widths[1:]) + 100}
        return {"multiply_adds": max(1, int(weights * share))}

    def layer_names(self):
        return [f"hidden{k + 1}" for k in range(len(self.hidden))] + ["output"]

    def densities(self, is_united):
        draw, most = self.draw, 1 - self.removed
        self.removed = 0.9
        return {name: {"keep": True} if draw.maybe(0.1) else {"density": draw.number(0.05, most, 2)}
                for name in self.layer_names()[:-1 if is_united else None]}

    def limits(self):
        draw = self.draw
        pattern = draw.choice(self.layer_names() + (["hidden*"] if self.hidden else ["*"]))
        return {pattern: draw.choice([
            {"keep": True}, {"min_density": draw.number(0.05, 0.5, 2)},
            {"max_sparsity": draw.number(0.5, 0.95, 2)}])}

    def pruning(self, **allowed):
        """A criterion and a budget that go together, and whether the budget says how much stays."""
        budget, is_stated = self.budget(**allowed)
        return self.criterion(budget), budget, is_stated

    def prune(self):
        criterion, budget, is_stated = self.pruning(may_measure_time=True)
        return {"prune": {**({} if is_stated else {"to": self.target()}), **criterion,
                          **({"budget": budget} if budget else {})}}

    def alternate(self):
        draw = self.draw
        criterion, budget, is_stated = self.pruning()
        settings = {"rounds": draw.randint(1, 4)}
        if isinstance(budget.get("granularity"), dict):
            settings["rounds"] = 1
        elif is_stated:
            settings["sparsity"] = {"curve": draw.choice(CURVES)}
        else:
            settings["sparsity"] = self.path(settings)
        return self.alternation(settings, criterion, budget)

    def path(self, settings):
        """How sparsity grows over the rounds."""
        draw = self.draw
        listed = [each for each in [0.2, 0.35, 0.5, 0.65, 0.8, 0.9] if each > self.removed]
        if listed and draw.maybe(0.2):
            settings.pop("rounds")
            curve = sorted(draw.sample(listed, draw.randint(1, len(listed))))
            self.removed = curve[-1]
            return {"curve": curve}
        if draw.maybe(0.15):
            self.removed = 0.9
            return {"curve": {"exponential": {"fraction": draw.number(0.1, 0.6, 2)}}}
        return {"to": self.target(0.3), "curve": draw.choice(CURVES)}

    def alternation(self, settings, criterion, budget):
        """What fixed rounds and searches end with."""
        if criterion:
            settings["prune"] = criterion
        if budget:
            settings["budget"] = budget
        if self.trained and self.draw.maybe(0.2):
            settings["rewind"] = self.point()
        settings["finetune"] = self.rounds_of_training()
        return {"alternate": settings}

    def search(self):
        draw = self.draw
        if "validation" not in self.data.parts:
            return self.alternate()
        criterion, budget, _ = self.pruning(may_state=False)
        what = draw.choice(["loss_increase", "accuracy_drop" if self.data.is_classification
                            else "loss_increase"])
        until = {"validation": {what: draw.number(0, 0.3)}}
        if draw.maybe(0.4):
            until["confidence"] = draw.choice([0.5, 0.8, 0.95])
        step = draw.number(0.2, 0.8, 2)
        settings = {"until": until, "rounds": draw.randint(1, 6), "sparsity": {"step": step}}
        if draw.maybe(0.6):
            settings["sparsity"]["minimal_step"] = draw.number(0.05, step, 2)
        if draw.maybe(0.3):
            settings["sparsity"]["to"] = self.target(0.6, 0.99)
        self.is_searched = True
        return self.alternation(settings, criterion, budget)
