"""Training trajectories from PyTorch, the oracle for app/engine/golden.test.ts.

    python make_golden.py            (writes golden.json beside this file; needs torch and numpy)

Every case trains a small network full-batch from recorded initial values and keeps the loss before each step, the gradient of the
first step and the parameters after the last. Tensors are base64 of little-endian numbers in the case's precision, row-major.
Deterministic: fixed seeds, one thread, double-precision initial values rounded to the case's precision.
"""

import base64
import json
import pathlib

import numpy as np
import torch

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)

DTYPES = {"f32": torch.float32, "f64": torch.float64}


def encode(tensor):
    values = tensor.detach().numpy()
    return {
        "shape": list(values.shape),
        "data": base64.b64encode(np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<")).tobytes()).decode(),
    }


def uniform(random, shape, fan_in):
    return random.uniform(-1, 1, shape) / np.sqrt(fan_in)


def addition(p, d, widths, seed):
    """Modular addition (survival.md): concatenated embeddings of a and b, hidden layers, logits of (a + b) mod p; 80 % of pairs."""
    random = np.random.default_rng(seed)
    pairs = random.permutation(p * p)[: int(0.8 * p * p)]
    a, b = pairs // p, pairs % p
    initial = {"embedding": random.normal(size=(p, d))}
    sizes = [2 * d, *widths, p]
    for layer in range(len(sizes) - 1):
        # Stored as [inputs, outputs], the layout of the engine; PyTorch's Linear keeps the transpose.
        initial[f"weight{layer + 1}"] = uniform(random, (sizes[layer], sizes[layer + 1]), sizes[layer])
        initial[f"bias{layer + 1}"] = uniform(random, (sizes[layer + 1],), sizes[layer])
    data = {"a": a.tolist(), "b": b.tolist(), "labels": ((a + b) % p).tolist(), "classes": p}
    return initial, data


def addition_loss(parameters, data, activation):
    embedding = parameters["embedding"]
    x = torch.cat([embedding[torch.tensor(data["a"])], embedding[torch.tensor(data["b"])]], dim=1)
    layers = sum(name.startswith("weight") for name in parameters)
    for layer in range(1, layers + 1):
        x = x @ parameters[f"weight{layer}"] + parameters[f"bias{layer}"]
        if layer < layers:
            x = activation(x)
    return torch.nn.functional.cross_entropy(x, torch.tensor(data["labels"]))


def regression(rows, sizes, seed):
    """Mean squared error of a multilayer perceptron on random inputs and targets."""
    random = np.random.default_rng(seed)
    initial = {}
    for layer in range(len(sizes) - 1):
        initial[f"weight{layer + 1}"] = uniform(random, (sizes[layer], sizes[layer + 1]), sizes[layer])
        initial[f"bias{layer + 1}"] = uniform(random, (sizes[layer + 1],), sizes[layer])
    inputs = random.normal(size=(rows, sizes[0])).round(3)
    targets = random.normal(size=(rows, sizes[-1])).round(3)
    return initial, {"inputs": inputs.ravel().tolist(), "targets": targets.ravel().tolist(), "rows": rows, "sizes": sizes}


def regression_loss(parameters, data, activation):
    dtype = parameters["weight1"].dtype
    x = torch.tensor(data["inputs"], dtype=torch.float64).reshape(data["rows"], -1).to(dtype)
    targets = torch.tensor(data["targets"], dtype=torch.float64).reshape(data["rows"], -1).to(dtype)
    layers = len(data["sizes"]) - 1
    for layer in range(1, layers + 1):
        x = x @ parameters[f"weight{layer}"] + parameters[f"bias{layer}"]
        if layer < layers:
            x = activation(x)
    return torch.nn.functional.mse_loss(x, targets)


ACTIVATIONS = {
    "silu": torch.nn.functional.silu,
    "relu": torch.relu,
    "tanh": torch.tanh,
    "gelu": lambda x: torch.nn.functional.gelu(x, approximate="tanh"),
    "sigmoid": torch.sigmoid,
}


def make_optimizer(name, options, parameters):
    """Parameters named in `groups` take their own settings; all others the common ones."""
    groups = options.get("groups", {})
    rename = {"learningRate": "lr", "weightDecay": "weight_decay", "epsilon": "eps", "momentum": "momentum"}
    common = {rename[key]: value for key, value in options.items() if key in rename}
    if "beta1" in options:
        common["betas"] = (options["beta1"], options["beta2"])
    param_groups = [{"params": [p for key, p in parameters.items() if key not in groups]}]
    for key, settings in groups.items():
        param_groups.append({"params": [parameters[key]], **{rename[k]: v for k, v in settings.items()}})
    maker = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam, "sgd": torch.optim.SGD}[name]
    # The plain loop over tensors: the definition, without fused or multi-tensor variants.
    return maker(param_groups, foreach=False, **common)


def run(name, precision, task, activation, optimizer, options, steps, initial, data):
    dtype = DTYPES[precision]
    parameters = {key: torch.tensor(value, dtype=torch.float64).to(dtype).requires_grad_() for key, value in initial.items()}
    start = {key: encode(value) for key, value in parameters.items()}
    rule = make_optimizer(optimizer, options, parameters)
    loss_of = addition_loss if task == "addition" else regression_loss
    losses, gradients = [], {}
    for step in range(steps):
        rule.zero_grad()
        loss = loss_of(parameters, data, ACTIVATIONS[activation])
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            gradients = {key: encode(value.grad) for key, value in parameters.items()}
        rule.step()
    return {
        "name": name,
        "precision": precision,
        "task": task,
        "activation": activation,
        "optimizer": optimizer,
        "options": options,
        "steps": steps,
        "data": data,
        "initial": start,
        "losses": losses,
        "firstGradient": gradients,
        "final": {key: encode(value) for key, value in parameters.items()},
    }


def main():
    survival = {"learningRate": 0.01, "weightDecay": 0.5, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    grouped = {"learningRate": 0.003, "weightDecay": 0.01, "groups": {"embedding": {"learningRate": 0.02, "weightDecay": 0}}}
    plans = [
        ("survival: SiLU, cross-entropy, AdamW", "addition", "silu", "adamw", survival, addition(13, 8, [16, 16], 1)),
        ("tanh, squared error, AdamW", "regression", "tanh", "adamw", {"learningRate": 0.01}, regression(19, [3, 11, 7, 5], 2)),
        ("ReLU, cross-entropy, AdamW with groups", "addition", "relu", "adamw", grouped, addition(7, 5, [13], 3)),
        ("GELU, squared error, SGD with momentum", "regression", "gelu", "sgd",
         {"learningRate": 0.1, "weightDecay": 0.01, "momentum": 0.9}, regression(10, [4, 9, 2], 4)),
        ("logistic, squared error, Adam", "regression", "sigmoid", "adam",
         {"learningRate": 0.02, "weightDecay": 0.1}, regression(23, [2, 6, 3], 5)),
    ]
    cases = [
        run(name, precision, task, activation, optimizer, options, steps, *made)
        for name, task, activation, optimizer, options, made in plans
        for precision, steps in (("f64", 30), ("f32", 10))
    ]
    output = {"torch": torch.__version__, "numpy": np.__version__, "script": "make_golden.py", "cases": cases}
    path = pathlib.Path(__file__).with_name("golden.json")
    path.write_text(json.dumps(output, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
