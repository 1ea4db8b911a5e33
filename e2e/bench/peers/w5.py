"""W5: matrix products alone. Shapes are rows m, n, k, transposed factor (0 none, 1 left, 2 right)."""
import numpy as np


def make(shared, library, form):
    return Products(shared, library)


class Products:
    def __init__(self, shared, library):
        self.shapes = shared.whole("shapes")
        self.library = library
        self.real = shared.real
        self.choose(0)

    def load(self, given):
        pass

    def choose(self, index):
        m, n, k, transposed = self.shapes[index]
        random = np.random.default_rng(0)
        draw = lambda rows, columns: random.standard_normal((rows, columns)).astype(self.real)
        a = draw(k, m).T if transposed == 1 else draw(m, k)
        b = draw(n, k).T if transposed == 2 else draw(k, n)
        c = np.empty((m, n), self.real)
        if self.library == "torch":
            import torch

            a, b, c = torch.from_numpy(a), torch.from_numpy(b), torch.from_numpy(c)
            self.product = lambda: torch.mm(a, b, out=c)
        else:
            self.product = lambda: np.matmul(a, b, out=c)
        self.result = c

    def run(self, times):
        for _ in range(times):
            self.product()
        return float(self.result[0, 0])
