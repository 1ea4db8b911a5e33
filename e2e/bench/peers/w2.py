"""W2: the toy model of the effective theory of grokking, two AdamW groups, full batch."""
import numpy as np

from shared import FlatAdamW


def make(shared, library, form):
    if library == "numpy":
        return NumpyLean(shared)
    if form.startswith("replicas"):
        return replicas(shared, int(form[len("replicas") :]))
    return {"authors": authors, "plain": plain, "lean": lean, "compiled": lambda given: lean(given, compile=True)}[form](shared)


def layers_of(shared):
    return range(shared.settings["layers"])


def labels_of(shared, side):
    return shared.whole(f"{side}/first") + shared.whole(f"{side}/second")


def authors(shared):
    """
    The loop of the authors' script (toy/train_add.py of grokking-squared), retold: modules, two optimisers, batches drawn without
    replacement, targets that want gradients, two forward passes over each set, and at every step both losses and accuracies, RQI,
    and copies of the plain and the standardised embedding. Its RQI is in one vectorised expression, as theirs.
    """
    import copy

    import torch
    from torch import nn

    settings = shared.settings
    corners = torch.from_numpy(shared.whole("parallelograms"))

    class Decoder(nn.Module):
        def __init__(self, given):
            super().__init__()
            self.first, self.second, self.last = (linear_of(given, layer) for layer in layers_of(shared))

        def forward(self, embedding, pairs):
            x = embedding[pairs[:, 0]] + embedding[pairs[:, 1]]
            return self.last(torch.tanh(self.second(torch.tanh(self.first(x)))))

    class Authors:
        def __init__(self):
            self.candidates = torch.from_numpy(shared["targets"]).requires_grad_()
            self.pairs, self.labels, self.expected = {}, {}, {}
            for side in ("train", "test"):
                self.pairs[side] = np.stack([shared.whole(f"{side}/first"), shared.whole(f"{side}/second")], axis=1)
                self.labels[side] = labels_of(shared, side)
                self.expected[side] = self.candidates[self.labels[side]].detach().clone().requires_grad_(True)
            self.random = np.random.RandomState(0)

        def load(self, given):
            self.embedding = nn.Parameter(torch.from_numpy(given["embedding"].copy()))
            self.decoder = Decoder(given)
            self.optimizers = [
                torch.optim.AdamW([self.embedding], lr=settings["embeddingRate"], weight_decay=0.0),
                torch.optim.AdamW(self.decoder.parameters(), lr=settings["decoderRate"], weight_decay=0.0),
            ]
            self.history = []
            self.measures, self.after = {}, {}

        def accuracy(self, answer, side):
            distances = ((answer.unsqueeze(1) - self.candidates.unsqueeze(0)) ** 2).sum(dim=2)
            return float(np.mean(torch.argmin(distances, dim=1).numpy() == self.labels[side]))

        def run(self, steps):
            size = len(self.labels["train"])
            for _ in range(steps):
                for optimizer in self.optimizers:
                    optimizer.zero_grad()
                drawn = self.random.choice(size, size, replace=False)
                answer = self.decoder(self.embedding, self.pairs["train"][drawn])
                test = self.decoder(self.embedding, self.pairs["test"])
                loss = torch.mean((answer - self.expected["train"][drawn]) ** 2)
                test_loss = torch.mean((test - self.expected["test"]) ** 2)
                train_loss, test_loss = loss.item(), test_loss.item()
                loss.backward()
                for optimizer in self.optimizers:
                    optimizer.step()
                train_accuracy = self.accuracy(self.decoder(self.embedding, self.pairs["train"]), "train")
                test_accuracy = self.accuracy(test, "test")
                self.decoder(self.embedding, self.pairs["test"])
                scaled = (self.embedding - self.embedding.mean(0)) / self.embedding.std(0)
                gaps = scaled[corners[:, :2]].sum(dim=1) - scaled[corners[:, 2:]].sum(dim=1)
                quality = torch.sum((gaps**2).mean(1) < settings["closeness"]).item() / len(corners)
                self.history.append([copy.deepcopy(values.detach().numpy()) for values in (self.embedding, scaled)])
                if len(self.history) >= 5000:
                    self.history.clear()
                # The script takes these two after its update: they describe the parameters that the next step begins with.
                self.measures = {"testLoss": test_loss, "testAccuracy": test_accuracy, **self.after}
                self.after = {"trainAccuracy": train_accuracy, "quality": quality}
            return train_loss

    return Authors()


def linear_of(given, layer):
    """A linear module with the given weights."""
    import torch
    from torch import nn

    weight = given[f"{layer}.weight"]
    linear = nn.Linear(*weight.shape)
    with torch.no_grad():
        linear.weight.copy_(torch.from_numpy(weight.T))
        linear.bias.copy_(torch.from_numpy(given[f"{layer}.bias"]))
    return linear


def plain(shared):
    """The authors' modules and their two optimisers, training only."""
    import torch
    from torch import nn

    settings = shared.settings
    pairs = torch.from_numpy(np.stack([shared.whole("train/first"), shared.whole("train/second")], axis=1))
    expected = torch.from_numpy(shared["targets"][labels_of(shared, "train")])

    class Plain:
        def load(self, given):
            self.embedding = nn.Parameter(torch.from_numpy(given["embedding"].copy()))
            first, second, last = (linear_of(given, layer) for layer in layers_of(shared))
            self.decoder = nn.Sequential(first, nn.Tanh(), second, nn.Tanh(), last)
            self.optimizers = [
                torch.optim.AdamW([self.embedding], lr=settings["embeddingRate"], weight_decay=0.0),
                torch.optim.AdamW(self.decoder.parameters(), lr=settings["decoderRate"], weight_decay=0.0),
            ]

        def run(self, steps):
            for _ in range(steps):
                for optimizer in self.optimizers:
                    optimizer.zero_grad()
                answer = self.decoder(self.embedding[pairs[:, 0]] + self.embedding[pairs[:, 1]])
                loss = nn.functional.mse_loss(answer, expected)
                loss.backward()
                for optimizer in self.optimizers:
                    optimizer.step()
            return loss.item()

    return Plain()


def lean(shared, compile=False):
    """Loss, backward and update only: no modules, sums of embeddings as one product, one fused optimiser where there is one."""
    import torch
    from torch.nn import functional

    from torch_tools import dense, fast_adamw

    settings = shared.settings
    first, second = (shared.whole(f"train/{part}") for part in ("first", "second"))
    chooser = np.zeros((len(first), settings["symbols"]), np.float32)
    np.add.at(chooser, (np.arange(len(first)), first), 1)
    np.add.at(chooser, (np.arange(len(first)), second), 1)
    chooser = torch.from_numpy(chooser)
    expected = torch.from_numpy(shared["targets"][labels_of(shared, "train")])

    def loss_of(embedding, weights, biases):
        signal = chooser @ embedding
        for weight, bias in zip(weights[:-1], biases[:-1]):
            signal = torch.tanh(dense(signal, weight, bias))
        return functional.mse_loss(dense(signal, weights[-1], biases[-1]), expected)

    loss_function = torch.compile(loss_of) if compile else loss_of

    class Lean:
        def load(self, given):
            tensor = lambda name: torch.from_numpy(given[name].copy()).requires_grad_()
            self.embedding = tensor("embedding")
            self.weights = [tensor(f"{layer}.weight") for layer in layers_of(shared)]
            self.biases = [tensor(f"{layer}.bias") for layer in layers_of(shared)]
            groups = [
                {"params": [self.embedding], "lr": settings["embeddingRate"]},
                {"params": [*self.weights, *self.biases], "lr": settings["decoderRate"]},
            ]
            self.optimizer = fast_adamw(groups, weight_decay=0.0)

        def run(self, steps):
            for _ in range(steps):
                self.optimizer.zero_grad()
                loss = loss_function(self.embedding, self.weights, self.biases)
                loss.backward()
                self.optimizer.step()
            return loss.item()

    return Lean()


def replicas(shared, count):
    """Many runs at once in batched products. All begin alike here: the time does not depend on the values, and the gate sees each run's loss."""
    import torch

    from torch_tools import fast_adamw

    settings = shared.settings
    first, second = (torch.from_numpy(shared.whole(f"train/{part}")) for part in ("first", "second"))
    expected = torch.from_numpy(shared["targets"][labels_of(shared, "train")])

    class Replicas:
        runs = count

        def load(self, given):
            many = lambda name: torch.from_numpy(np.repeat(given[name][None], count, axis=0)).requires_grad_()
            self.embedding = many("embedding")
            self.weights = [many(f"{layer}.weight") for layer in layers_of(shared)]
            self.biases = [torch.from_numpy(np.repeat(given[f"{layer}.bias"][None, None], count, axis=0)).requires_grad_() for layer in layers_of(shared)]
            groups = [
                {"params": [self.embedding], "lr": settings["embeddingRate"]},
                {"params": [*self.weights, *self.biases], "lr": settings["decoderRate"]},
            ]
            self.optimizer = fast_adamw(groups, weight_decay=0.0)

        def run(self, steps):
            for _ in range(steps):
                self.optimizer.zero_grad()
                signal = self.embedding[:, first] + self.embedding[:, second]
                for weight, bias in zip(self.weights[:-1], self.biases[:-1]):
                    signal = torch.tanh(torch.baddbmm(bias, signal, weight))
                answer = torch.baddbmm(self.biases[-1], signal, self.weights[-1])
                losses = ((answer - expected) ** 2).mean(dim=(1, 2))
                losses.sum().backward()
                self.optimizer.step()
            return losses[0].item()

    return Replicas()


class NumpyLean:
    def __init__(self, shared):
        self.shared = shared
        first, second = shared.whole("train/first"), shared.whole("train/second")
        self.chooser = np.zeros((len(first), shared.settings["symbols"]), np.float32)
        np.add.at(self.chooser, (np.arange(len(first)), first), 1)
        np.add.at(self.chooser, (np.arange(len(first)), second), 1)
        self.expected = shared["targets"][labels_of(shared, "train")]

    def load(self, given):
        settings = self.shared.settings
        rates = {name: settings["embeddingRate" if name == "embedding" else "decoderRate"] for name in given}
        self.adamw = FlatAdamW(given, rates, 0.0)

    def run(self, steps):
        p, g = self.adamw.parameters, self.adamw.gradients
        last = self.shared.settings["layers"] - 1
        for _ in range(steps):
            signals = [self.chooser @ p["embedding"]]
            for layer in range(last):
                signals.append(np.tanh(signals[-1] @ p[f"{layer}.weight"] + p[f"{layer}.bias"]))
            difference = signals[-1] @ p[f"{last}.weight"] + p[f"{last}.bias"] - self.expected
            loss = float(np.mean(difference * difference))
            slope = difference * np.float32(2 / difference.size)
            for layer in range(last, -1, -1):
                g[f"{layer}.weight"][:] = signals[layer].T @ slope
                g[f"{layer}.bias"][:] = slope.sum(axis=0)
                slope = slope @ p[f"{layer}.weight"].T
                if layer > 0:
                    slope *= 1 - signals[layer] * signals[layer]
            g["embedding"][:] = self.chooser.T @ slope
            self.adamw.step()
        return loss
