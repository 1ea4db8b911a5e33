"""Makes golden.json: ten steps of the paper's network in PyTorch, written as in its official code (concatenated embeddings).

Run: python golden.py (PyTorch, float64). The training pairs are those of the split with seed 3.
"""

import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(2405)
p, d, hidden, steps = 7, 4, [6, 5], 10
train = [1, 3, 4, 5, 6, 8, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 32, 35, 36, 37, 39, 41, 42, 43, 44, 45, 46, 47, 48]
test = [n for n in range(p * p) if n not in train]

embedding = torch.nn.Parameter(torch.randn(p, d))
widths = [2 * d, *hidden, p]
linears = [torch.nn.Linear(a, b) for a, b in zip(widths, widths[1:])]
parameters = [embedding, *(q for linear in linears for q in linear.parameters())]
optimizer = torch.optim.AdamW(parameters, lr=0.01, weight_decay=0.5)
loss_function = torch.nn.CrossEntropyLoss()


def named():
    values = {"embedding": embedding}
    for i, linear in enumerate(linears):
        values[f"mlp.{i}.weight"] = linear.weight.T
        values[f"mlp.{i}.bias"] = linear.bias
    return {name: value.detach().reshape(-1).tolist() for name, value in values.items()}


def outcome(numbers):
    numbers = torch.tensor(numbers)
    a, b = numbers // p, numbers % p
    x = torch.cat([embedding[a], embedding[b]], dim=1)
    for linear in linears[:-1]:
        x = torch.nn.functional.silu(linear(x))
    logits, labels = linears[-1](x), (a + b) % p
    return loss_function(logits, labels), (logits.argmax(1) == labels).double().mean()


def row():
    with torch.no_grad():
        values = [*outcome(train), *outcome(test)]
        signals = torch.fft.fft(embedding, dim=0).abs().pow(2).sum(1).sqrt()
        norm = torch.sqrt(sum((q**2).sum() for q in parameters))
        return {
            **dict(zip(["trainLoss", "trainAccuracy", "testLoss", "testAccuracy"], map(float, values))),
            "norm": float(norm),
            "signals": signals[1 : (p + 1) // 2].tolist(),
            "unpaired": [float(signals[0])],
        }


initial, rows = named(), []
for _ in range(steps):
    rows.append(row())
    optimizer.zero_grad()
    outcome(train)[0].backward()
    optimizer.step()
rows.append(row())

out = {"train": train, "initial": initial, "rows": rows, "final": named()}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(out) + "\n")
