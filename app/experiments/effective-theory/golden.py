"""Makes golden.json: ten steps of the models in PyTorch, written as in the authors' code, with what is measured at every step in NumPy.

Run: python golden.py (PyTorch). Training pairs and batches are those of the splits and batches with seed 3.
"""

import itertools
import json
import pathlib

import numpy as np
import torch

steps = 10
permutations = list(itertools.permutations(range(3)))


def structure(task, p):
    """Unordered samples with their results (ordered ones of permutations), and parallelograms as pairs of samples."""
    if task == "permutations":
        compose = lambda a, b: permutations.index(tuple(permutations[a][permutations[b][x]] for x in range(3)))
        samples = [(a, b, compose(a, b)) for a in range(6) for b in range(6)]
    else:
        samples = [(i, j, (i + j) % p if task == "modular" else i + j) for i in range(p) for j in range(i, p)]
    pairs = [(s, t) for s, t in itertools.combinations(range(len(samples)), 2) if samples[s][2] == samples[t][2]]
    return samples, pairs


def measured(task, embedding, samples, pairs, train, closeness):
    """RQI, predicted accuracy and what the effective theory says, all in 64 bits."""
    e = embedding.detach().numpy().astype(np.float64)
    p = len(e)
    trained = set(train)
    if task == "permutations":
        matrices = e.reshape(p, 3, 3) / np.sqrt((e**2).mean())
        joined = np.stack([(matrices[a] @ matrices[b]).ravel() for a, b, _ in samples])
    else:
        lines = (e - e.mean(0)) / e.std(0, ddof=1)
        joined = np.stack([lines[i] + lines[j] for i, j, _ in samples])
    closed = [(s, t) for s, t in pairs if ((joined[s] - joined[t]) ** 2).mean() < closeness]
    known = trained | {t for s, t in closed if s in trained} | {s for s, t in closed if t in trained}
    row = {"rqi": [len(closed) / len(pairs)], "predictedAccuracy": [len(known) / len(samples)]}
    if task != "permutations":
        gaps = [((joined[s] - joined[t]) ** 2).sum() for s, t in pairs if s in trained and t in trained]
        row |= {
            "effectiveLoss": [float(np.mean(gaps) / (lines**2).sum())],
            "z0": [float((e**2).sum())],
            "c": e.sum(0).tolist(),
            "embedding": lines.ravel().tolist(),
        }
    return row


class Layers(torch.nn.Module):
    """Layers of tanh behind the sum of two embeddings, or the product of two matrices."""

    def __init__(self, d, hidden, outputs, matrices):
        super().__init__()
        self.linears = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in zip([d, *hidden], [*hidden, outputs]))
        self.matrices = matrices

    def forward(self, a, b):
        x = (a.reshape(-1, 3, 3) @ b.reshape(-1, 3, 3)).reshape(-1, 9) if self.matrices else a + b
        for linear in self.linears[:-1]:
            x = torch.tanh(linear(x))
        return self.linears[-1](x)

    def named(self):
        for i, linear in enumerate(self.linears):
            yield f"decoder.{i}.weight", linear.weight.T
            yield f"decoder.{i}.bias", linear.bias


class Transformer(torch.nn.Module):
    """Pre-norm encoder layers with one head over two embeddings, then one linear layer from both."""

    def __init__(self, d, hidden, outputs):
        super().__init__()
        layer = lambda width: torch.nn.TransformerEncoderLayer(d, 1, width, dropout=0, activation="relu", batch_first=True, norm_first=True)
        self.blocks = torch.nn.ModuleList(layer(width) for width in hidden)
        self.readout = torch.nn.Linear(2 * d, outputs)

    def forward(self, a, b):
        x = torch.stack([a, b], dim=1)
        for block in self.blocks:
            x = block(x)
        return self.readout(x.reshape(len(a), -1))

    def named(self):
        for i, block in enumerate(self.blocks):
            attention, name = block.self_attn, f"decoder.{i}"
            for part, weight, bias in zip(["query", "key", "value"], attention.in_proj_weight.chunk(3), attention.in_proj_bias.chunk(3)):
                yield f"{name}.{part}", weight.T
                yield f"{name}.{part}.bias", bias
            for part, linear in [("output", attention.out_proj), ("up", block.linear1), ("down", block.linear2)]:
                yield f"{name}.{part}", linear.weight.T
                yield f"{name}.{part}.bias", linear.bias
            for part, norm in [("norm1", block.norm1), ("norm2", block.norm2)]:
                yield f"{name}.{part}.gain", norm.weight
                yield f"{name}.{part}.shift", norm.bias
        yield "decoder.readout.weight", self.readout.weight.T
        yield "decoder.readout.bias", self.readout.bias


def case(name, dtype, train, *, task="addition", p=10, d=1, hidden=(8, 6), objective="regression", closeness=0.01, batches=None, decay=(0.0, 0.0), transformer=False):
    torch.manual_seed(2205)
    unordered, pairs = structure(task, p)
    samples = [(i, j, (i + j) % p) for i in range(p) for j in range(p)] if transformer else unordered
    classes = 1 + max(result for *_, result in samples)
    outputs = 30 if objective == "regression" else classes
    embedding = torch.nn.Parameter((torch.rand(p, d) - 0.5).to(dtype))
    model = Transformer(d, hidden, outputs) if transformer else Layers(d, hidden, outputs, task == "permutations")
    model.to(dtype)
    targets = torch.tensor(TARGETS[: classes * 30], dtype=torch.float64).reshape(classes, 30).to(dtype)
    test = [s for s in range(len(samples)) if s not in train]
    trained = [u for u, (i, j, _) in enumerate(unordered) if any(samples[s][:2] in [(i, j), (j, i)] for s in train)] if transformer else train
    encoder = torch.optim.AdamW([embedding], lr=0.003, weight_decay=decay[0])
    decoder = torch.optim.AdamW(model.parameters(), lr=0.002, weight_decay=decay[1])

    def forward(chosen):
        a, b, label = torch.tensor([samples[s] for s in chosen]).T
        return model(embedding[a], embedding[b]), label

    def outcome(chosen):
        y, label = forward(chosen)
        if objective == "classification":
            return torch.nn.functional.cross_entropy(y, label), (y.argmax(1) == label).double().mean()
        nearest = ((y[:, None, :] - targets[None]) ** 2).sum(2).argmin(1)
        return ((y - targets[label]) ** 2).mean(), (nearest == label).double().mean()

    def row():
        with torch.no_grad():
            (train_loss, train_accuracy), (test_loss, test_accuracy) = outcome(train), outcome(test)
            share = [len(train) / len(samples), len(test) / len(samples)]
            return {
                "trainLoss": [float(train_loss)],
                "testLoss": [float(test_loss)],
                "trainAccuracy": [float(train_accuracy)],
                "testAccuracy": [float(test_accuracy)],
                "accuracy": [float(train_accuracy * share[0] + test_accuracy * share[1])],
                **measured(task, embedding, unordered, pairs, trained, closeness),
            }

    def named():
        values = {"embedding": embedding, **dict(model.named())}
        return {key: value.detach().reshape(-1).tolist() for key, value in values.items()}

    initial, rows = named(), []
    for step in range(steps):
        rows.append(row())
        encoder.zero_grad()
        decoder.zero_grad()
        loss = outcome([train[s] for s in batches[step]] if batches else train)[0]
        if task == "permutations":
            loss = loss + 1e-3 * embedding.abs().mean()
        loss.backward()
        encoder.step()
        decoder.step()
    rows.append(row())
    parameters = {
        "task": task,
        "symbols": p,
        "embeddingWidth": d if task != "permutations" else 1,
        "objective": objective,
        "decoder": "transformer" if transformer else "mlp",
        "hiddenWidths": list(hidden),
        "trainingPairs": len(train),
        "batchSize": len(batches[0]) if batches else len(train),
        "embeddingRate": 0.003,
        "decoderRate": 0.002,
        "embeddingDecay": decay[0],
        "decoderDecay": decay[1],
        "closeness": closeness,
        "precision": "f64" if dtype == torch.float64 else "f32",
        "steps": steps,
        "splitSeed": 3,
        "batchSeed": 3,
    }
    return {"name": name, "parameters": parameters, "train": train, "initial": initial, "rows": rows, "final": named()}


here = pathlib.Path(__file__)
given = json.loads(here.with_name("golden-inputs.json").read_text())
TARGETS = given["targets"]
cases = []
for dtype in [torch.float64, torch.float32]:
    bits = "64 bits" if dtype == torch.float64 else "32 bits"
    cases += [
        case(f"regression, {bits}", dtype, given["addition"], decay=(0.1, 2.0)),
        case(f"classification, {bits}", dtype, given["addition"], d=2, objective="classification"),
        case(f"permutations, {bits}", dtype, given["permutations"], task="permutations", p=6, d=9, closeness=0.5, decay=(0.0, 3.0)),
        case(f"modular, {bits}", dtype, given["modular"], task="modular", p=7, d=2, objective="classification"),
        case(f"transformer, {bits}", dtype, given["ordered"], task="modular", p=7, d=4, objective="classification", transformer=True, decay=(0.01, 1.0)),
        case(f"batches, {bits}", dtype, given["modular"], task="modular", p=7, d=1, batches=given["batches"]),
    ]
here.with_name("golden.json").write_text(json.dumps({"cases": cases}) + "\n")
