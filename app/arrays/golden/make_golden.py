"""Writes the files of this folder: what NumPy and PyTorch themselves write, and their values as hexadecimal doubles. Needs numpy, torch."""
import json
import os
import struct

import numpy as np
import torch

folder = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(1)
expected = {}


def path(name):
    return os.path.join(folder, name)


def remember(file, name, values):
    values = np.asarray(values, order="C")
    expected[f"{file}:{name}"] = {"shape": list(values.shape), "doubles": values.astype("<f8").tobytes().hex()}


def arrays():
    floats = np.concatenate([random.normal(size=19) * 10.0 ** random.integers(-6, 4, 19), [0.0, -0.0, np.inf, -np.inf, np.nan]])
    made = {}
    for kind in ["f2", "f4", "f8"]:
        made[kind] = floats.reshape(2, 3, 4).astype(kind)
    made["f2"].flat[0] = 6e-8
    for kind in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
        info = np.iinfo(kind)
        low, high = max(info.min, -(2**53) + 1), min(info.max, 2**53 - 1)
        values = random.integers(low, high, 12, dtype=np.int64)
        values[:2] = [low, high]
        made[kind] = values.reshape(3, 4).astype(kind)
    made["bool"] = random.integers(0, 2, (3, 4)).astype(bool)
    return made


def npy(made):
    for name, values in made.items():
        for order in ["<", ">"]:
            if values.dtype.itemsize == 1 and order == ">":
                continue
            for fortran in [False, True]:
                file = f"{name}{'-big' if order == '>' else ''}{'-fortran' if fortran else ''}.npy"
                saved = values.astype(values.dtype.newbyteorder(order), order="F" if fortran else "C")
                np.save(path(file), saved)
                remember(file, file[:-4], values)
    for name, values in {"number": np.float64(0.1), "empty": np.zeros((0, 3))}.items():
        np.save(path(f"{name}.npy"), values)
        remember(f"{name}.npy", name, values)
    np.save(path("huge.npy"), np.array([1, 2**53 + 1]))
    np.save(path("complex.npy"), np.array([1 + 2j]))
    np.save(path("objects.npy"), np.array([1, None], dtype=object))
    np.save(path("texts.npy"), np.array(["a", "b"]))
    np.save(path("records.npy"), np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]))


def npz(made):
    for file, save in [("stored.npz", np.savez), ("deflated.npz", np.savez_compressed)]:
        save(path(file), **made)
        for name, values in made.items():
            remember(file, name, values)


def safetensors():
    """By the format's own description, from tensors of PyTorch."""
    source = torch.tensor(random.normal(size=(3, 4)) * 100)
    kinds = {
        "F64": torch.float64,
        "F32": torch.float32,
        "F16": torch.float16,
        "BF16": torch.bfloat16,
        "I64": torch.int64,
        "I32": torch.int32,
        "I16": torch.int16,
        "I8": torch.int8,
        "U8": torch.uint8,
        "BOOL": torch.bool,
    }
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for dtype, kind in kinds.items():
        tensor = source.abs().to(kind) if dtype == "U8" else source.to(kind)
        raw = tensor.contiguous().view(torch.uint8).numpy().tobytes()
        header[f"layer.{dtype}"] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
        remember("tensors.safetensors", f"layer.{dtype}", tensor.to(torch.float64).numpy())
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path("tensors.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


numbers = arrays()
npy(numbers)
npz(numbers)
safetensors()
with open(path("golden.json"), "w") as file:
    json.dump(expected, file, indent=1)
    file.write("\n")
