"""W1: modular addition of the survival paper, full batch, cross-entropy, AdamW on everything."""
import numpy as np

from shared import FlatAdamW


def make(shared, library, form):
    if library == "numpy":
        return NumpyTables(shared)
    return {"authors": authors, "plain": plain, "tables": tables, "compiled": compiled}[form](shared)


def linears_of(shared, given):
    """Linear modules with the given weights."""
    import torch
    from torch import nn

    kind = torch.float64 if shared.precision == "f64" else torch.float32
    linears = nn.ModuleList()
    with torch.no_grad():
        for layer in range(shared.settings["layers"]):
            weight = given[f"mlp.{layer}.weight"]
            linear = nn.Linear(*weight.shape, dtype=kind)
            linear.weight.copy_(torch.from_numpy(weight.T))
            linear.bias.copy_(torch.from_numpy(given[f"mlp.{layer}.bias"]))
            linears.append(linear)
    return linears


def authors(shared):
    """
    The loop of the authors' script (training/train_model.py of circle-survival), retold: embeddings looked up and concatenated,
    activations cloned, and at every step loss and accuracy on both sets, the norm of all parameters through a fresh vector that
    they then live in, and a copy of the embedding.
    """
    import torch
    from torch import nn

    settings = shared.settings

    class Network(nn.Module):
        def __init__(self, given):
            super().__init__()
            self.embedding = nn.Parameter(torch.from_numpy(given["embedding"].copy()))
            self.linears = linears_of(shared, given)

        def forward(self, x):
            activations = [x.clone()]
            for linear in self.linears[:-1]:
                x = nn.functional.silu(linear(x))
                activations.append(x.clone())
            x = self.linears[-1](x)
            activations.append(x.clone())
            return x

    def fuse(network):
        parameters = list(network.parameters())
        fused = torch.zeros(sum(parameter.numel() for parameter in parameters), dtype=parameters[0].dtype)
        at = 0
        for parameter in parameters:
            part = fused[at : at + parameter.numel()]
            part.copy_(parameter.detach().flatten())
            parameter.data = part.view(parameter.shape)
            at += parameter.numel()
        return fused

    class Authors:
        def __init__(self):
            self.sides = {side: [shared.whole(prefix + name) for name in ("first", "second", "label")] for side, prefix in (("train", ""), ("test", "test/"))}

        def load(self, given):
            self.network = Network(given)
            self.optimizer = torch.optim.AdamW(
                self.network.parameters(), lr=settings["learningRate"], weight_decay=settings["weightDecay"], foreach=False
            )
            self.history = []

        def outcome(self, side):
            first, second, label = self.sides[side]
            label = torch.from_numpy(label)
            inputs = torch.cat([self.network.embedding[first], self.network.embedding[second]], dim=1)
            answer = self.network(inputs)
            return nn.functional.cross_entropy(answer, label), (answer.argmax(dim=1) == label).to(answer.dtype).mean()

        def run(self, steps):
            for _ in range(steps):
                self.optimizer.zero_grad()
                loss, accuracy = self.outcome("train")
                test_loss, test_accuracy = self.outcome("test")
                loss.backward()
                self.optimizer.step()
                norm = torch.norm(fuse(self.network))
                self.measures = {"accuracy": accuracy.item(), "testLoss": test_loss.item(), "testAccuracy": test_accuracy.item()}
                self.norm, train_loss = norm.item(), loss.item()
                self.history.append(self.network.embedding.detach().numpy().copy())
                if len(self.history) >= 1000:
                    self.history.clear()
            return train_loss

    return Authors()


def plain(shared):
    """The same modules, training only."""
    import torch
    from torch.nn import functional

    settings = shared.settings

    class Plain:
        def __init__(self):
            self.first, self.second, self.label = (torch.from_numpy(shared.whole(name)) for name in ("first", "second", "label"))

        def load(self, given):
            self.embedding = torch.nn.Parameter(torch.from_numpy(given["embedding"].copy()))
            self.linears = linears_of(shared, given)
            self.optimizer = torch.optim.AdamW(
                [self.embedding, *self.linears.parameters()], lr=settings["learningRate"], weight_decay=settings["weightDecay"]
            )

        def run(self, steps):
            for _ in range(steps):
                self.optimizer.zero_grad()
                x = torch.cat([functional.embedding(self.first, self.embedding), functional.embedding(self.second, self.embedding)], dim=1)
                for linear in self.linears[:-1]:
                    x = functional.silu(linear(x))
                loss = functional.cross_entropy(self.linears[-1](x), self.label)
                loss.backward()
                self.optimizer.step()
            return loss.item()

    return Plain()


def tables(shared, compile=False):
    """The first layer as one table of its values for every token and side, gathered and added: the same function, a fifth of the work."""
    import torch
    from torch.nn import functional

    from torch_tools import fast_adamw

    settings = shared.settings
    width = settings["width"]
    first, second, label = (torch.from_numpy(shared.whole(name)) for name in ("first", "second", "label"))

    def loss_of(embedding, weights, biases):
        left = functional.linear(embedding, weights[0][:, :width], biases[0])
        right = functional.linear(embedding, weights[0][:, width:])
        z = functional.embedding(first, left) + functional.embedding(second, right)
        for weight, bias in zip(weights[1:], biases[1:]):
            z = functional.linear(functional.silu(z), weight, bias)
        return functional.cross_entropy(z, label)

    loss_function = torch.compile(loss_of) if compile else loss_of

    class Tables:
        def load(self, given):
            tensor = lambda values: torch.from_numpy(np.ascontiguousarray(values)).requires_grad_()
            layers = range(settings["layers"])
            self.embedding = tensor(given["embedding"])
            self.weights = [tensor(given[f"mlp.{layer}.weight"].T) for layer in layers]
            self.biases = [tensor(given[f"mlp.{layer}.bias"]) for layer in layers]
            parameters = [self.embedding, *self.weights, *self.biases]
            self.optimizer = fast_adamw(parameters, lr=settings["learningRate"], weight_decay=settings["weightDecay"])

        def run(self, steps):
            for _ in range(steps):
                self.optimizer.zero_grad()
                loss = loss_function(self.embedding, self.weights, self.biases)
                loss.backward()
                self.optimizer.step()
            return loss.item()

    return Tables()


def compiled(shared):
    return tables(shared, compile=True)


class NumpyTables:
    def __init__(self, shared):
        self.settings = shared.settings
        self.first, self.second, self.label = (shared.whole(name) for name in ("first", "second", "label"))
        modulus, rows = shared.settings["modulus"], len(self.label)
        # Sums of gradients by token as a product with a matrix of zeros and ones: faster than add.at.
        self.left = np.zeros((modulus, rows), shared.real)
        self.left[self.first, np.arange(rows)] = 1
        self.right = np.zeros((modulus, rows), shared.real)
        self.right[self.second, np.arange(rows)] = 1
        self.rows = np.arange(rows)

    def load(self, given):
        self.adamw = FlatAdamW(given, self.settings["learningRate"], self.settings["weightDecay"])

    def run(self, steps):
        p, g = self.adamw.parameters, self.adamw.gradients
        width, layers = self.settings["width"], self.settings["layers"]
        embedding, rows = p["embedding"], self.rows
        for _ in range(steps):
            top, bottom = p["mlp.0.weight"][:width], p["mlp.0.weight"][width:]
            z = [(embedding @ top + p["mlp.0.bias"])[self.first] + (embedding @ bottom)[self.second]]
            gates, signals = [], []
            for layer in range(1, layers):
                gate = 1 / (1 + np.exp(-z[-1]))
                gates.append(gate)
                signals.append(z[-1] * gate)
                z.append(signals[-1] @ p[f"mlp.{layer}.weight"] + p[f"mlp.{layer}.bias"])
            logits = z[-1] - z[-1].max(axis=1, keepdims=True)
            chosen = logits[rows, self.label].copy()
            np.exp(logits, out=logits)
            mass = logits.sum(axis=1, keepdims=True)
            loss = float(np.mean(np.log(mass[:, 0]) - chosen))
            slope = logits / mass
            slope[rows, self.label] -= 1
            slope /= len(rows)
            for layer in range(layers - 1, 0, -1):
                g[f"mlp.{layer}.weight"][:] = signals[layer - 1].T @ slope
                g[f"mlp.{layer}.bias"][:] = slope.sum(axis=0)
                gate = gates[layer - 1]
                slope = (slope @ p[f"mlp.{layer}.weight"].T) * (gate * (1 + z[layer - 1] * (1 - gate)))
            left, right = self.left @ slope, self.right @ slope
            g["mlp.0.weight"][:width] = embedding.T @ left
            g["mlp.0.weight"][width:] = embedding.T @ right
            g["mlp.0.bias"][:] = left.sum(axis=0)
            g["embedding"][:] = left @ top.T + right @ bottom.T
            self.adamw.step()
        return loss
