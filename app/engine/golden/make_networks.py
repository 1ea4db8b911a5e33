"""Training trajectories of recurrent networks, transformers and update rules from PyTorch, the oracle for app/engine/golden-networks.test.ts.

    python make_networks.py            (writes networks.json beside this file; needs torch and numpy)

As make_golden.py: recorded initial values, the loss before each step, the gradient of the first step, the parameters after the last.
Transformer blocks are torch.nn.TransformerEncoderLayer itself.
"""

import json
import pathlib

import numpy as np
import torch
from make_golden import DTYPES, encode, regression, regression_loss, uniform

functional = torch.nn.functional


def linear(random, name, inputs, outputs):
    return {name: uniform(random, (inputs, outputs), inputs), f"{name}.bias": uniform(random, (outputs,), inputs)}


def recurrent(seed, count=12, length=10, hidden=3, width=6):
    """mips.md: h_t = f([h; x_t]), y_t = g(h_t) on whole numbers, here the sum of the last two; f has a hidden layer of ReLUs."""
    random = np.random.default_rng(seed)
    initial = {
        **linear(random, "first", hidden + 1, width),
        **linear(random, "second", width, hidden),
        **linear(random, "readout", hidden, 1),
    }
    x = random.integers(0, 10, (count, length))
    y = x + np.concatenate([np.zeros((count, 1), int), x[:, :-1]], axis=1)
    return initial, {"inputs": x.ravel().tolist(), "targets": y.ravel().tolist(), "count": count, "length": length, "hidden": hidden}


def recurrent_loss(p, data):
    dtype = p["first"].dtype
    shape = (data["count"], data["length"])
    x, y = (torch.tensor(data[key], dtype=dtype).reshape(shape) for key in ("inputs", "targets"))
    h = torch.zeros(data["count"], data["hidden"], dtype=dtype)
    outputs = []
    for t in range(data["length"]):
        middle = torch.relu(torch.cat([h, x[:, t : t + 1]], dim=1) @ p["first"] + p["first.bias"])
        h = middle @ p["second"] + p["second.bias"]
        outputs.append(h @ p["readout"] + p["readout.bias"])
    return (0.5 * torch.log(1 + (torch.cat(outputs, dim=1) - y) ** 2)).mean()


def transformer(seed, causal, count, length, tokens, width, heads, hidden):
    """Token and position embeddings, one pre-norm block; causal: every position predicts a token, else the whole sequence one."""
    random = np.random.default_rng(seed)
    initial = {"tokens": random.normal(size=(tokens, width)) / 2, "positions": random.normal(size=(length, width)) / 2}
    for part, (inputs, outputs) in {
        "query": (width, width),
        "key": (width, width),
        "value": (width, width),
        "output": (width, width),
        "up": (width, hidden),
        "down": (hidden, width),
    }.items():
        initial |= linear(random, f"block.{part}", inputs, outputs)
    for part in ("norm1", "norm2"):
        initial[f"block.{part}.gain"] = 1 + 0.1 * random.normal(size=width)
        initial[f"block.{part}.shift"] = 0.1 * random.normal(size=width)
    initial |= linear(random, "unembed", width if causal else width * length, tokens)
    data = {
        "tokens": random.integers(0, tokens, count * length).tolist(),
        "labels": random.integers(0, tokens, count * length if causal else count).tolist(),
        **{"causal": causal, "count": count, "length": length, "limit": tokens, "width": width, "heads": heads, "hidden": hidden},
    }
    return initial, data


def transformer_loss(p, data):
    count, length, width = data["count"], data["length"], data["width"]
    activation = (lambda x: functional.gelu(x, approximate="tanh")) if data["causal"] else functional.relu
    dtype = p["tokens"].dtype
    layer = torch.nn.TransformerEncoderLayer(
        width, data["heads"], data["hidden"], dropout=0.0, activation=activation, batch_first=True, norm_first=True, dtype=dtype
    )
    weights = {
        "self_attn.in_proj_weight": torch.cat([p[f"block.{part}"].T for part in ("query", "key", "value")]),
        "self_attn.in_proj_bias": torch.cat([p[f"block.{part}.bias"] for part in ("query", "key", "value")]),
        "self_attn.out_proj.weight": p["block.output"].T,
        "self_attn.out_proj.bias": p["block.output.bias"],
        "linear1.weight": p["block.up"].T,
        "linear1.bias": p["block.up.bias"],
        "linear2.weight": p["block.down"].T,
        "linear2.bias": p["block.down.bias"],
        **{f"norm{i}.weight": p[f"block.norm{i}.gain"] for i in (1, 2)},
        **{f"norm{i}.bias": p[f"block.norm{i}.shift"] for i in (1, 2)},
    }
    x = p["tokens"][torch.tensor(data["tokens"])].reshape(count, length, width) + p["positions"]
    mask = torch.nn.Transformer.generate_square_subsequent_mask(length, dtype=dtype) if data["causal"] else None
    x = torch.func.functional_call(layer, weights, (x,), {"src_mask": mask})
    x = x.reshape(count * length, width) if data["causal"] else x.reshape(count, length * width)
    return functional.cross_entropy(x @ p["unembed"] + p["unembed.bias"], torch.tensor(data["labels"]))


LOSSES = {"recurrent": recurrent_loss, "transformer": transformer_loss, "regression": lambda p, data: regression_loss(p, data, torch.tanh)}


def clip_norm(maximum):
    return lambda p, step: torch.nn.utils.clip_grad_norm_(p.values(), maximum, foreach=False)


def clip_value(limit):
    return lambda p, step: torch.nn.utils.clip_grad_value_(p.values(), limit, foreach=False)


def pin_norm(norm, names=None):
    def act(p, step):
        with torch.no_grad():
            chosen = [value for key, value in p.items() if names is None or key in names]
            size = torch.sqrt(sum((value**2).sum() for value in chosen))
            for value in chosen:
                value *= norm / size

    return act


def grokfast(alpha, gain):
    """gradfilter_ema of the authors."""
    averages = {}

    def act(p, step):
        for key, value in p.items():
            averages[key] = averages.get(key, value.grad.detach().clone()) * alpha + value.grad.detach() * (1 - alpha)
            value.grad = value.grad + averages[key] * gain

    return act


def perpendicular(p, step):
    """OrthoGrad of the authors: the part along the weights removed, then the norm restored."""
    for value in p.values():
        w, g = value.detach().view(-1), value.grad.view(-1)
        rest = g - (torch.dot(w, g) / (torch.dot(w, w) + 1e-30)) * w
        value.grad = (rest * (g.norm(2) / (rest.norm(2) + 1e-30))).view_as(value)


def adamw(options, p):
    rename = {"learningRate": "lr", "weightDecay": "weight_decay", "epsilon": "eps"}

    def settings(given):
        named = {rename[key]: value for key, value in given.items() if key in rename}
        if "beta1" in given:
            named["betas"] = (given["beta1"], given["beta2"])
        return named

    groups = options.get("groups", {})
    listed = [{"params": [value for key, value in p.items() if key not in groups]}]
    listed += [{"params": [p[key]], **settings(given)} for key, given in groups.items()]
    return torch.optim.AdamW(listed, foreach=False, **settings(options))


def warmed(optimizer):
    """Six steps of warm-up from a tenth, then half a cosine down to 0.001 over 24 steps."""
    scheduler = torch.optim.lr_scheduler
    parts = [scheduler.LinearLR(optimizer, 0.1, total_iters=6), scheduler.CosineAnnealingLR(optimizer, T_max=24, eta_min=0.001)]
    return scheduler.SequentialLR(optimizer, parts, milestones=[6])


def run(name, model, precision, rule, options, steps, initial, data, before=lambda: (), after=lambda: (), scheduled=False):
    dtype = DTYPES[precision]
    p = {key: torch.tensor(value, dtype=torch.float64).to(dtype).requires_grad_() for key, value in initial.items()}
    start = {key: encode(value) for key, value in p.items()}
    optimizer = adamw(options, p)
    schedule = warmed(optimizer) if scheduled else None
    ahead, behind = before(), after()
    # Key biases cancel in the softmax: their gradients are rounding, by which Adam then steps at full length, and nothing depends on them.
    compared = [key for key in p if key != "block.key.bias"]
    losses, gradients = [], {}
    for step in range(steps):
        optimizer.zero_grad()
        loss = LOSSES[model](p, data)
        loss.backward()
        losses.append(loss.item())
        for act in ahead:
            act(p, step)
        if step == 0:
            gradients = {key: encode(p[key].grad) for key in compared}
        optimizer.step()
        if schedule:
            schedule.step()
        for act in behind:
            act(p, step)
    return {
        "name": name,
        "model": model,
        "precision": precision,
        "rule": rule,
        "options": options,
        "steps": steps,
        "data": data,
        "initial": start,
        "losses": losses,
        "firstGradient": gradients,
        "final": {key: encode(p[key]) for key in compared},
    }


def main():
    grouped = {
        "learningRate": 0.01,
        "weightDecay": 0.1,
        "groups": {
            "weight1": {"learningRate": 0.003, "weightDecay": 0.0, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-6},
            "bias2": {"learningRate": 0.05, "beta1": 0.5, "beta2": 0.9},
        },
    }
    plain = {"learningRate": 0.01}
    made = regression(12, [3, 7, 4], 11)
    plans = [
        ("recurrent network, logarithmic loss", "recurrent", "plain", plain, recurrent(21), {}),
        ("causal transformer of two heads, GELU", "transformer", "plain", plain, transformer(22, True, 5, 4, 6, 8, 2, 10), {}),
        ("pairs through a transformer, ReLU", "transformer", "plain", plain, transformer(23, False, 7, 2, 5, 6, 1, 8), {}),
        ("AdamW, every setting by group", "regression", "plain", grouped, made, {}),
        ("gradients clipped by norm", "regression", "clipNorm", plain, made, {"before": lambda: [clip_norm(0.2)]}),
        ("gradients clipped by value", "regression", "clipValue", plain, made, {"before": lambda: [clip_value(0.02)]}),
        ("norm pinned", "regression", "pinNorm", plain, made, {"after": lambda: [pin_norm(2.5)]}),
        ("norm of a group pinned", "regression", "pinGroup", plain, made, {"after": lambda: [pin_norm(2.5, ["weight1"])]}),
        ("Grokfast", "regression", "grokfast", plain, made, {"before": lambda: [grokfast(0.98, 2.0)]}),
        ("perpendicular gradients", "regression", "perpendicular", plain, made, {"before": lambda: [perpendicular]}),
        ("warm-up and cosine", "regression", "scheduled", plain, made, {"scheduled": True}),
    ]
    cases = [
        run(name, model, precision, rule, options, steps, *start, **more)
        for name, model, rule, options, start, more in plans
        for precision, steps in (("f64", 30), ("f32", 10))
    ]
    output = {"torch": torch.__version__, "numpy": np.__version__, "script": "make_networks.py", "cases": cases}
    pathlib.Path(__file__).with_name("networks.json").write_text(json.dumps(output, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
