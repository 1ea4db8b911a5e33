"""W3: real handwritten digits, 784-200-200-10 ReLU, batches in the shared order, mean squared error on one-hot targets, AdamW."""
import numpy as np

from shared import FlatAdamW


def make(shared, library, form):
    if library == "numpy":
        return NumpyLean(shared)
    return {
        "authors": authors,
        "plain": lambda given: lean(given, fast=False),
        "lean": lean,
        "compiled": lambda given: lean(given, compile=True),
        "alive": lambda given: lean(given, alive=True),
    }[form](shared)


def layers_of(shared):
    return range(shared.settings["layers"])


def one_hot(shared, kind):
    return np.eye(10, dtype=kind)[shared.whole("labels")]


def authors(shared):
    """As the authors write it: double precision, modules, a DataLoader over a data set in memory."""
    import torch
    from torch import nn

    settings = shared.settings

    def network(given):
        modules = []
        for layer in layers_of(shared):
            weight = given[f"{layer}.weight"]
            linear = nn.Linear(*weight.shape, dtype=torch.float64)
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(weight.T))
                linear.bias.copy_(torch.from_numpy(given[f"{layer}.bias"]))
            modules += [linear, nn.ReLU()]
        return nn.Sequential(*modules[:-1])

    class Authors:
        def __init__(self):
            images = torch.from_numpy(shared["images"].astype(np.float64))
            self.dataset = torch.utils.data.TensorDataset(images, torch.from_numpy(shared.whole("labels")))
            self.one_hots = torch.eye(10, dtype=torch.float64)
            self.criterion = nn.MSELoss()
            self.order = [batch.tolist() for batch in shared.whole("batches")]

        def load(self, given):
            self.network = network(given)
            self.optimizer = torch.optim.AdamW(
                self.network.parameters(), lr=settings["learningRate"], weight_decay=settings["weightDecay"]
            )
            self.batches = self.forever()

        def forever(self):
            loader = torch.utils.data.DataLoader(self.dataset, batch_sampler=self.order)
            while True:
                yield from loader

        def run(self, steps):
            for _ in range(steps):
                x, labels = next(self.batches)
                self.optimizer.zero_grad()
                loss = self.criterion(self.network(x), self.one_hots[labels])
                loss.backward()
                self.optimizer.step()
            return loss.item()

    return Authors()


def lean(shared, compile=False, alive=False, fast=True):
    """Tensors in memory, no modules. `fast`: one fused optimiser where there is one. `alive`: pixels never lit are left out, whose weights only decay, by a known factor a step."""
    import torch
    from torch.nn import functional

    from torch_tools import dense, fast_adamw

    settings = shared.settings
    images = shared["images"]
    lit = images.any(axis=0)
    if alive:
        images = np.ascontiguousarray(images[:, lit])
    images = torch.from_numpy(images)
    expected = torch.from_numpy(one_hot(shared, np.float32))
    batches = torch.from_numpy(shared.whole("batches"))

    def loss_of(x, y, weights, biases):
        for weight, bias in zip(weights[:-1], biases[:-1]):
            x = torch.relu(dense(x, weight, bias))
        return functional.mse_loss(dense(x, weights[-1], biases[-1]), y)

    loss_function = torch.compile(loss_of) if compile else loss_of

    class Lean:
        def load(self, given):
            first = given["0.weight"]
            self.dead = first[~lit]
            tensor = lambda values: torch.from_numpy(values.copy()).requires_grad_()
            self.weights = [tensor(given[f"{layer}.weight"] if layer > 0 or not alive else first[lit]) for layer in layers_of(shared)]
            self.biases = [tensor(given[f"{layer}.bias"]) for layer in layers_of(shared)]
            parameters = [*self.weights, *self.biases]
            make = fast_adamw if fast else torch.optim.AdamW
            self.optimizer = make(parameters, lr=settings["learningRate"], weight_decay=settings["weightDecay"])
            self.step = 0

        def run(self, steps):
            for _ in range(steps):
                rows = batches[self.step % len(batches)]
                self.step += 1
                self.optimizer.zero_grad()
                loss = loss_function(images[rows], expected[rows], self.weights, self.biases)
                loss.backward()
                self.optimizer.step()
            if alive:
                self.dead = self.dead * np.float32((1 - settings["learningRate"] * settings["weightDecay"]) ** steps)
            return loss.item()

    return Lean()


class NumpyLean:
    def __init__(self, shared):
        self.shared = shared
        self.images, self.batches = shared["images"], shared.whole("batches")
        self.expected = one_hot(shared, np.float32)

    def load(self, given):
        settings = self.shared.settings
        self.adamw = FlatAdamW(given, settings["learningRate"], settings["weightDecay"])
        self.step = 0

    def run(self, steps):
        p, g = self.adamw.parameters, self.adamw.gradients
        last = self.shared.settings["layers"] - 1
        for _ in range(steps):
            rows = self.batches[self.step % len(self.batches)]
            self.step += 1
            signals = [self.images[rows]]
            for layer in range(last):
                signals.append(np.maximum(signals[-1] @ p[f"{layer}.weight"] + p[f"{layer}.bias"], 0))
            difference = signals[-1] @ p[f"{last}.weight"] + p[f"{last}.bias"] - self.expected[rows]
            loss = float(np.mean(difference * difference))
            slope = difference * np.float32(2 / difference.size)
            for layer in range(last, -1, -1):
                np.matmul(signals[layer].T, slope, out=g[f"{layer}.weight"])
                g[f"{layer}.bias"][:] = slope.sum(axis=0)
                if layer > 0:
                    slope = (slope @ p[f"{layer}.weight"].T) * (signals[layer] > 0)
            self.adamw.step()
        return loss
