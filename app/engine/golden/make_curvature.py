"""Hessian-vector products and Gram matrices of per-sample gradients from PyTorch, the oracle for app/engine/golden-networks.test.ts.

    python make_curvature.py            (writes curvature.json beside this file; needs torch and numpy)

Hessian-vector products by torch.autograd.functional.hvp, per-sample gradients by one backward pass a sample. In double precision.
"""

import json
import pathlib

import numpy as np
import torch
from make_golden import addition, addition_loss, encode, regression, regression_loss
from make_networks import recurrent, recurrent_loss, transformer, transformer_loss
from torch.nn.attention import SDPBackend, sdpa_kernel


def silu_loss(p, data):
    return addition_loss(p, data, torch.nn.functional.silu)


def tanh_loss(p, data):
    return regression_loss(p, data, torch.tanh)


def one_pair(data, i):
    return {**data, **{key: [data[key][i]] for key in ("a", "b", "labels")}}


def one_row(data, i):
    inputs, outputs = data["sizes"][0], data["sizes"][-1]
    return {**data, "rows": 1, "inputs": data["inputs"][i * inputs :][:inputs], "targets": data["targets"][i * outputs :][:outputs]}


def one_sequence(data, i):
    length = data["length"]
    return {**data, "count": 1, **{key: data[key][i * length :][:length] for key in ("inputs", "targets")}}


def run(name, model, loss_of, initial, data, single=None, count=0):
    random = np.random.default_rng(99)
    p = {key: torch.tensor(value, dtype=torch.float64) for key, value in initial.items()}
    vector = {key: torch.tensor(random.normal(size=value.shape)) for key, value in p.items()}
    keys = list(p)
    # The fused attention of PyTorch has no second derivative, its plain formula has.
    with sdpa_kernel(SDPBackend.MATH):
        _, product = torch.autograd.functional.hvp(
            lambda *values: loss_of(dict(zip(keys, values)), data), tuple(p.values()), tuple(vector.values())
        )
    case = {"name": name, "model": model, "data": data, "initial": {key: encode(value) for key, value in p.items()}}
    case["vector"] = {key: encode(value) for key, value in vector.items()}
    case["product"] = {key: encode(value) for key, value in zip(keys, product)}
    if single:
        rows = []
        for i in range(count):
            leaves = {key: value.clone().requires_grad_() for key, value in p.items()}
            loss_of(leaves, single(data, i)).backward()
            rows.append(torch.cat([leaf.grad.reshape(-1) for leaf in leaves.values()]))
        gradients = torch.stack(rows)
        case["gram"] = encode(gradients @ gradients.T)
    return case


def main():
    torch.set_num_threads(1)
    pairs = addition(5, 3, [6], 31)
    cases = [
        run("SiLU, cross-entropy", "addition", silu_loss, *pairs, single=one_pair, count=len(pairs[1]["a"])),
        run("tanh, squared error", "regression", tanh_loss, *regression(9, [3, 6, 2], 32), single=one_row, count=9),
        run("recurrent network, logarithmic loss", "recurrent", recurrent_loss, *recurrent(33, 6, 5), single=one_sequence, count=6),
        run("causal transformer", "transformer", transformer_loss, *transformer(34, True, 3, 4, 5, 4, 2, 6)),
    ]
    output = {"torch": torch.__version__, "numpy": np.__version__, "script": "make_curvature.py", "cases": cases}
    pathlib.Path(__file__).with_name("curvature.json").write_text(json.dumps(output, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
