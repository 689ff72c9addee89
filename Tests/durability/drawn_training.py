"""The drawn stages that train, and what they go back to."""


class DrawnTraining:
    """Of a schedule that is drawn with `draw` for `data`, and knows the stages before."""

    def loss(self):
        if self.data.loss == "huber" and self.draw.maybe(0.5):
            return {"huber": {"delta": self.draw.number(0.1, 2)}}
        return self.data.loss

    def options(self, within_stage=False):
        """Keys of `training`, which a stage may have, too."""
        draw, options = self.draw, {}
        if self.data.loss == "cross_entropy" and draw.maybe(0.2):
            options["label_smoothing"] = draw.number(0.01, 0.3)
        if draw.maybe(0.7):
            options["optimizer"] = self.optimizer()
        if draw.maybe(0.4):
            options["decay"] = self.decay()
        if draw.maybe(0.3):
            options["clip"] = draw.choice(["none", {"norm": draw.power(-2, 1)}])
        if "validation" in self.data.parts and draw.maybe(0.2):
            options["early_stop"] = {
                "patience": draw.randint(1, 3), "restore_best": draw.maybe(0.6)}
        if within_stage and draw.maybe(0.2):
            options["batch"] = draw.choice([2, 7, 32, 128])
        return options

    def optimizer(self):
        draw = self.draw
        kind = draw.choice(["sgd", "adam", "adam", "adamw"])
        settings = {"learning_rate": draw.power(-3.5, -1.3)}
        if draw.maybe(0.3):
            settings["weight_decay"] = draw.power(-4, -1)
        if kind == "sgd" and draw.maybe(0.6):
            settings["momentum"] = draw.number(0.1, 0.95, 2)
            settings["nesterov"] = draw.maybe(0.5)
        if kind != "sgd" and draw.maybe(0.3):
            settings["beta1"] = draw.choice([0, 0.5, 0.9])
            settings["beta2"] = draw.choice([0.9, 0.99, 0.999])
        return {kind: settings}

    def decay(self):
        draw = self.draw
        kind = draw.choice(["constant", "cosine", "linear", "exponential", "step"])
        settings = {}
        if kind in ("cosine", "linear", "exponential"):
            settings["to"] = draw.power(-5, -2)
        if kind == "step":
            settings = {"factor": draw.number(0.2, 1, 2), "epochs": draw.randint(1, 3)}
        if draw.maybe(0.4):
            settings["warmup_steps"] = draw.randint(0, 20)
        return {kind: settings}

    def epochs(self):
        # So that a stage takes some hundredths of a second.
        return self.draw.randint(1, 8 if self.data.rows <= 200 else 3)

    def training(self, kind, is_named=True):
        """A `train` or `finetune` stage."""
        draw = self.draw
        settings = {"epochs": self.epochs(), **self.options(within_stage=True)}
        if self.trained and draw.maybe(0.25):
            settings["optimizer"] = "continue"
        if not is_named:
            return settings
        count = self.counts[kind] = self.counts.get(kind, 0) + 1
        name = kind if count == 1 else f"{kind}-{count}"
        self.trained[name] = settings
        return {kind: settings}

    def finetune(self):
        stage = self.training("finetune")
        if self.last == "prune":
            self.may_recover(stage["finetune"])
        return stage

    def may_recover(self, settings):
        if "validation" in self.data.parts and self.draw.maybe(0.3):
            most = settings["epochs"]
            settings["epochs"] = {"min": self.draw.randint(1, most), "max": most, "until": "recovered"}

    def rounds_of_training(self):
        settings = self.training("finetune", is_named=False)
        self.may_recover(settings)
        return settings

    def rewind(self):
        return {"rewind": self.point()} if self.trained else self.evaluate()

    def point(self):
        name = self.draw.choice(list(self.trained))
        point = {"to": name}
        epochs = self.trained[name]["epochs"]
        is_fixed = not self.stops_early and "early_stop" not in self.trained[name]
        if is_fixed and isinstance(epochs, int) and self.draw.maybe(0.6):
            point["epoch"] = self.draw.randint(0, epochs)
        return point

    def evaluate(self):
        return {"evaluate": {"part": self.draw.choice(sorted(self.data.parts))}}
