"""What all peers share: the file of settings and numbers that the harness wrote, and NumPy's AdamW."""
import json
import os

import numpy as np


class Shared:
    """Settings, data and initial values of a workload, the same for every engine."""

    def __init__(self, path):
        with open(path) as file:
            header = json.load(file)
        self.precision = header["precision"]
        self.settings = header["settings"]
        self.real = np.float64 if self.precision == "f64" else np.float32
        raw = np.fromfile(os.path.join(os.path.dirname(path), header["data"]), dtype=np.uint8)
        kinds = {"f32": np.float32, "f64": np.float64, "i32": np.int32}
        self.arrays = {}
        for name, place in header["arrays"].items():
            kind = np.dtype(kinds[place["type"]])
            count = int(np.prod(place["shape"], dtype=np.int64))
            begin = place["offset"]
            self.arrays[name] = raw[begin : begin + count * kind.itemsize].view(kind).reshape(place["shape"]).copy()

    def __getitem__(self, name):
        return self.arrays[name]

    def whole(self, name):
        """Whole numbers as int64, which libraries index with."""
        return self.arrays[name].astype(np.int64)

    def parameters(self, prefix="init/"):
        return {name[len(prefix) :]: values.copy() for name, values in self.arrays.items() if name.startswith(prefix)}


class FlatAdamW:
    """AdamW as PyTorch defines it, over all parameters in one vector; `parameters` and `gradients` are views of it."""

    def __init__(self, parameters, rate, decay):
        """rate: a number, or one by parameter name."""
        size = sum(values.size for values in parameters.values())
        kind = next(iter(parameters.values())).dtype
        self.flat, self.slope, self.m, self.v, self.work = (np.zeros(size, kind) for _ in range(5))
        rates = np.empty(size, kind)
        self.parameters, self.gradients, at = {}, {}, 0
        for name, values in parameters.items():
            part = slice(at, at + values.size)
            self.flat[part] = values.ravel()
            rates[part] = rate[name] if isinstance(rate, dict) else rate
            self.parameters[name] = self.flat[part].reshape(values.shape)
            self.gradients[name] = self.slope[part].reshape(values.shape)
            at += values.size
        self.rate = rates if isinstance(rate, dict) else kind.type(rate)
        self.decay = decay
        self.step_count = 0

    def step(self):
        self.step_count += 1
        kind = self.flat.dtype.type
        if self.decay:
            self.flat *= 1 - self.rate * kind(self.decay)
        np.subtract(self.slope, self.m, out=self.work)
        self.work *= kind(0.1)
        self.m += self.work
        np.multiply(self.slope, self.slope, out=self.work)
        self.work *= kind(0.001)
        self.v *= kind(0.999)
        self.v += self.work
        np.sqrt(self.v, out=self.work)
        self.work /= kind(np.sqrt(1 - 0.999**self.step_count))
        self.work += kind(1e-8)
        np.divide(self.m, self.work, out=self.work)
        self.work *= self.rate / kind(1 - 0.9**self.step_count)
        self.flat -= self.work
