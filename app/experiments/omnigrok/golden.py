"""Makes golden.json: twenty steps of every kind of network in PyTorch, from the samples and initial values of golden-inputs.json.

Run: python golden.py (PyTorch). What follows the gradients is written out as the papers and their code have it.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

STEPS = 20
here = pathlib.Path(__file__).parent
ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "silu": F.silu, "leaky-relu": lambda x: F.leaky_relu(x, 0.2)}


def layers(p, prefix, x, act):
    count = sum(name.startswith(f"{prefix}.") and name.endswith(".weight") for name in p)
    for i in range(count):
        x = (act(x) if i > 0 else x) @ p[f"{prefix}.{i}.weight"] + p[f"{prefix}.{i}.bias"]
    return x


def transformer(p, tokens, act, heads):
    x = p["embedding"][tokens] + p["positions"]
    n, length, d = x.shape
    split = lambda part: (x @ p[f"attention.{part}"]).reshape(n, length, heads, d // heads).transpose(1, 2)
    mixed = F.scaled_dot_product_attention(split("query"), split("key"), split("value"), is_causal=True)
    x = (x + mixed.transpose(1, 2).reshape(n, length, d) @ p["attention.output"])[:, -1]
    return (x + act(x @ p["mlp.up"] + p["mlp.up.bias"]) @ p["mlp.down"] + p["mlp.down.bias"]) @ p["unembedding"]


def molecules(p, x, act):
    n = len(x)
    atoms = x[:, :45].reshape(n, 9, 5)
    bonds = x[:, 45:].reshape(n, 3, 9, 9)
    exists = atoms.sum(2, keepdim=True)
    h = atoms
    for i in range(sum(name.endswith(".own") for name in p)):
        sent = sum(bonds[:, kind] @ h @ p[f"messages.{i}.bond.{kind}"] for kind in range(3))
        h = torch.relu(h @ p[f"messages.{i}.own"] + p[f"messages.{i}.bias"] + sent) * exists
    return layers(p, "readout", h.sum(1), act)


def network(task, p, x, act, heads):
    if task == "modular-addition":
        return layers(p, "mlp", p["embedding"][x].flatten(1), act)
    if task == "transformer":
        return transformer(p, x, act, heads)
    if task == "sentiment":
        return layers(p, "mlp", x @ p["embedding"], act)
    if task == "molecules":
        return molecules(p, x, act)
    return layers(p, "mlp", x, act)


def loss_of(objective, out, side):
    if objective == "cross-entropy":
        return F.cross_entropy(out, side["labels"])
    if objective == "stablemax":
        s = torch.where(out >= 0, out + 1, 1 / (1 - out))
        return -torch.log(s.gather(1, side["labels"][:, None])[:, 0] / s.sum(1)).mean()
    return F.mse_loss(out, side["targets"])


def accuracy_of(case, out, side):
    if side["templates"] is not None:
        return (torch.cdist(out, side["templates"]).argmin(1) == side["labels"]).double().mean()
    if "labels" in side:
        return (out.argmax(1) == side["labels"]).double().mean()
    return (((out - side["targets"]) ** 2).mean(1) < case["parameters"]["correctBelow"]).double().mean()


def norm(tensors):
    return torch.sqrt(sum((t.detach().double() ** 2).sum() for t in tensors)).item()


def collapsed(case, out, labels):
    """Share of samples beside whose right class all others vanish in 32 bits."""
    out = out.detach().double()
    own = out.gather(1, labels[:, None])
    s = lambda x: torch.where(x >= 0, x + 1, 1 / (1 - x))
    weights = torch.exp(out - own) if case["objective"] == "cross-entropy" else s(out) / s(own)
    others = weights.sum(1) - weights.gather(1, labels[:, None])[:, 0]
    return ((1 + others).float() == 1).double().mean().item()


def run(case, precision):
    given = case["parameters"]
    dtype = torch.float64 if precision == "f64" else torch.float32
    p = {name: torch.nn.Parameter(torch.tensor(values, dtype=dtype).reshape(case["shapes"][name])) for name, values in case["initial"].items()}
    start = {name: t.detach().clone() for name, t in p.items()}
    act, heads, task = ACTIVATIONS[given["activation"]], given["heads"], given["task"]

    def side(samples):
        rows = samples["rows"]
        inputs = torch.tensor(samples["inputs"], dtype=torch.float64).reshape(rows, -1)
        if task == "digits":
            grey = -0.5 + torch.tensor(samples["labels"], dtype=torch.float64)[:, None] / 9
            inputs = (given["messiness"] * inputs + (1 - given["messiness"]) * grey).float()
        made = {"inputs": inputs.to(torch.long if samples["kind"] == "tokens" else dtype), "templates": None}
        if "labels" in samples:
            made["labels"] = torch.tensor(samples["labels"])
            if case.get("templates"):
                made["templates"] = torch.tensor(case["templates"], dtype=dtype).reshape(case["classes"], -1)
                made["targets"] = made["templates"][made["labels"]]
            else:
                made["targets"] = F.one_hot(made["labels"], case["classes"]).to(dtype)
        else:
            made["targets"] = torch.tensor(samples["values"], dtype=dtype).reshape(rows, -1)
        return made

    def forward(x):
        out = network(task, p, x, act, heads)
        if given["laziness"] > 0:
            out = given["laziness"] * (out - network(task, start, x, act, heads))
        return out / given["temperature"]

    def evaluate(of):
        out = forward(of["inputs"])
        return loss_of(case["objective"], out, of), accuracy_of(case, out, of).item()

    train, test = side(case["samples"]["train"]), side(case["samples"]["test"])
    batches = case.get("batches")
    rule = given["optimizer"]
    settings = {"lr": given["learningRate"], "weight_decay": given["weightDecay"]}
    if rule != "sgd":
        settings["betas"] = (0.9, given["secondMomentDecay"])
    optimizer = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam, "sgd": torch.optim.SGD}[rule](p.values(), **settings)
    held = given["pinnedNorm"] or norm(p.values())
    averages = {}
    rows = []
    for step in range(STEPS + 1):
        loss, accuracy = evaluate(train)
        optimizer.zero_grad()
        fitted = loss
        if batches:
            chosen = batches[step % len(batches)]
            fitted = evaluate({key: None if of is None else of if key == "templates" else of[chosen] for key, of in train.items()})[0]
        fitted.backward()
        with torch.no_grad():
            test_loss, test_accuracy = evaluate(test)
        row = {"trainLoss": loss.item(), "trainAccuracy": accuracy, "testLoss": test_loss.item(), "testAccuracy": test_accuracy, "norm": norm(p.values())}
        if case["objective"] != "mse":
            along = sum((t.detach().double() * t.grad.double()).sum() for t in p.values()).item()
            row["softmaxCollapse"] = collapsed(case, forward(train["inputs"]), train["labels"])
            row["alignment"] = -along / (norm([t.grad for t in p.values()]) * row["norm"])
        if batches:
            row["batchLoss"] = fitted.item()
        rows.append(row)
        if step == STEPS:
            break
        for name, t in p.items():
            if given["gradientTransform"] == "perpendicular":
                g, w = t.grad.flatten(), t.detach().flatten()
                rest = g - (w @ g) / (w @ w + 1e-30) * w
                t.grad = (rest * (g.norm() / (rest.norm() + 1e-30))).reshape(t.shape)
            elif given["gradientTransform"] == "grokfast":
                a = given["grokfastDecay"]
                averages[name] = t.grad.clone() if step == 0 else a * averages[name] + (1 - a) * t.grad
                t.grad = t.grad + given["grokfastStrength"] * averages[name]
        if step > 0 and given["rateDropEvery"] > 0 and step % given["rateDropEvery"] == 0:
            for group in optimizer.param_groups:
                group["lr"] *= 0.2
        optimizer.step()
        if given["pinNorm"]:
            factor = held / norm(p.values())
            with torch.no_grad():
                for t in p.values():
                    t.mul_(factor)
    return {"rows": rows, "final": {name: t.detach().flatten().tolist() for name, t in p.items()}}


cases = json.loads((here / "golden-inputs.json").read_text())["cases"]
made = [{**case, "runs": {precision: run(case, precision) for precision in ["f64", "f32"]}} for case in cases]
(here / "golden.json").write_text(json.dumps({"torch": torch.__version__, "cases": made}))
