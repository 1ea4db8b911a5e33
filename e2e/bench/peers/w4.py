"""W4: the recurrent network for binary addition, unrolled over ten positions, loss mean of ln(1 + e^2) / 2, AdamW."""
import numpy as np

from shared import FlatAdamW


def make(shared, library, form):
    if library == "numpy":
        return NumpyLean(shared)
    return {"authors": authors, "lean": lean, "compiled": lambda given: lean(given, compile=True)}[form](shared)


def authors(shared):
    """As one writes it: modules for the hidden and the output network, called at every position."""
    import torch
    from torch import nn

    settings = shared.settings

    def linear(given, name):
        weight = given[f"{name}.weight"]
        module = nn.Linear(*weight.shape)
        with torch.no_grad():
            module.weight.copy_(torch.from_numpy(weight.T))
            module.bias.copy_(torch.from_numpy(given[f"{name}.bias"]))
        return module

    class Recurrent(nn.Module):
        def __init__(self, given):
            super().__init__()
            self.hidden = nn.Sequential(linear(given, "hidden.0"), nn.ReLU(), linear(given, "hidden.1"))
            self.output = linear(given, "output")

        def forward(self, x):
            state = torch.zeros(x.shape[0], settings["hidden"])
            answers = []
            for t in range(x.shape[1]):
                state = self.hidden(torch.cat([state, x[:, t]], dim=1))
                answers.append(self.output(state))
            return torch.stack(answers, dim=1)

    class Authors:
        def __init__(self):
            self.x, self.y = torch.from_numpy(shared["x"]), torch.from_numpy(shared["y"]).unsqueeze(2)
            self.batches = torch.from_numpy(shared.whole("batches"))

        def load(self, given):
            self.network = Recurrent(given)
            self.optimizer = torch.optim.AdamW(
                self.network.parameters(), lr=settings["learningRate"], weight_decay=settings["weightDecay"]
            )
            self.step = 0

        def run(self, steps):
            for _ in range(steps):
                rows = self.batches[self.step % len(self.batches)]
                self.step += 1
                self.optimizer.zero_grad()
                answer = self.network(self.x[rows])
                loss = torch.mean(0.5 * torch.log(1 + (answer - self.y[rows]) ** 2))
                loss.backward()
                self.optimizer.step()
            return loss.item()

    return Authors()


def lean(shared, compile=False):
    """What the inputs add is computed for all positions at once, the output network is applied to all states at once."""
    import torch

    from torch_tools import dense, fast_adamw

    settings = shared.settings
    hidden, positions = settings["hidden"], settings["positions"]
    x = torch.from_numpy(np.ascontiguousarray(shared["x"].transpose(1, 0, 2)))
    y = torch.from_numpy(np.ascontiguousarray(shared["y"].T))
    batches = torch.from_numpy(shared.whole("batches"))

    def loss_of(x, y, p):
        inner, bias, outer, outer_bias, output, output_bias = p
        size = x.shape[1]
        drive = dense(x.reshape(positions * size, -1), inner[hidden:], bias).view(positions, size, -1)
        states = []
        state = None
        for t in range(positions):
            before = drive[t] if state is None else torch.addmm(drive[t], state, inner[:hidden])
            state = dense(torch.relu(before), outer, outer_bias)
            states.append(state)
        answer = dense(torch.cat(states), output, output_bias).view(positions, size)
        return 0.5 * torch.log1p((answer - y) ** 2).mean()

    loss_function = torch.compile(loss_of) if compile else loss_of
    names = ["hidden.0.weight", "hidden.0.bias", "hidden.1.weight", "hidden.1.bias", "output.weight", "output.bias"]

    class Lean:
        def load(self, given):
            self.parameters = [torch.from_numpy(given[name].copy()).requires_grad_() for name in names]
            self.optimizer = fast_adamw(self.parameters, lr=settings["learningRate"], weight_decay=settings["weightDecay"])
            self.step = 0

        def run(self, steps):
            for _ in range(steps):
                rows = batches[self.step % len(batches)]
                self.step += 1
                self.optimizer.zero_grad()
                loss = loss_function(x[:, rows], y[:, rows], self.parameters)
                loss.backward()
                self.optimizer.step()
            return loss.item()

    return Lean()


class NumpyLean:
    def __init__(self, shared):
        self.settings = shared.settings
        self.x = np.ascontiguousarray(shared["x"].transpose(1, 0, 2))
        self.y = np.ascontiguousarray(shared["y"].T)
        self.batches = shared.whole("batches")

    def load(self, given):
        self.adamw = FlatAdamW(given, self.settings["learningRate"], self.settings["weightDecay"])
        self.step = 0

    def run(self, steps):
        p, g = self.adamw.parameters, self.adamw.gradients
        hidden, positions = self.settings["hidden"], self.settings["positions"]
        inner, outer, output = p["hidden.0.weight"], p["hidden.1.weight"], p["output.weight"]
        for _ in range(steps):
            rows = self.batches[self.step % len(self.batches)]
            self.step += 1
            x, y = self.x[:, rows], self.y[:, rows]
            drive = x @ inner[hidden:] + p["hidden.0.bias"]
            states = np.zeros((positions + 1, len(rows), hidden), np.float32)
            active = np.empty_like(drive)
            for t in range(positions):
                np.maximum(drive[t] + states[t] @ inner[:hidden], 0, out=active[t])
                states[t + 1] = active[t] @ outer + p["hidden.1.bias"]
            error = (states[1:] @ output)[..., 0] + p["output.bias"] - y
            loss = float(0.5 * np.mean(np.log1p(error * error)))
            slope = error / (1 + error * error) / np.float32(error.size)
            g["output.weight"][:] = np.einsum("tbh,tb->h", states[1:], slope)[:, None]
            g["output.bias"][:] = slope.sum()
            for name in ("hidden.0.weight", "hidden.0.bias", "hidden.1.weight", "hidden.1.bias"):
                g[name][:] = 0
            back = np.zeros_like(states[0])
            for t in range(positions - 1, -1, -1):
                back = back + slope[t][:, None] * output[:, 0]
                g["hidden.1.weight"] += active[t].T @ back
                g["hidden.1.bias"] += back.sum(axis=0)
                before = (back @ outer.T) * (active[t] > 0)
                g["hidden.0.weight"][:hidden] += states[t].T @ before
                g["hidden.0.weight"][hidden:] += x[t].T @ before
                g["hidden.0.bias"] += before.sum(axis=0)
                back = before @ inner[:hidden].T
            self.adamw.step()
        return loss
