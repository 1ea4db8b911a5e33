"""Makes golden.json, the reference values of the tests here. Run: python golden.py (NumPy, SciPy, scikit-learn, mpmath)."""

import json
import pathlib

import mpmath
import numpy as np
import scipy.linalg
import scipy.special
import scipy.stats
import sklearn.linear_model
import sklearn.metrics

mpmath.mp.dps = 40
random = np.random.default_rng(2405)


def extended(function, x):
    return float(function(mpmath.mpf(float(x))))


elementary = {
    "exp": [[x, extended(mpmath.exp, x)] for x in map(float, random.uniform(-700, 709, 60))],
    "log": [[x, extended(mpmath.log, x)] for x in map(float, np.exp(random.uniform(-700, 709, 60)))]
    + [[x, extended(mpmath.log, x)] for x in map(float, random.uniform(0.5, 2, 60))],
    "turns": [
        [int(k), int(n), float(mpmath.cos(2 * mpmath.pi * int(k) / int(n))), float(mpmath.sin(2 * mpmath.pi * int(k) / int(n)))]
        for k, n in zip(random.integers(-10**6, 10**6, 80), random.choice([7, 59, 97, 113, 2003], 80))
        if k % n
    ],
    "inverseNormal": [
        [p, float(scipy.special.ndtri(p))]
        for p in [1e-300, 1e-60, 1e-16, 1e-9, 1e-4, 0.01, 0.0749, 0.0751, 0.3, 0.5, 0.6180339887, 0.9249, 0.9251, 0.999, 1 - 1e-9]
    ],
}

rows, columns, outputs = 60, 5, 2
x = random.normal(size=(rows, columns)) * [1, 10, 0.1, 3, 1] + [0, 50, 1, -4, 2]
x[:, 4] += 0.9 * x[:, 0]
y = np.stack([0.5 * x[:, 0] - 0.02 * x[:, 1] + 3, 4 * x[:, 2] - 0.3 * x[:, 3]], 1) + 0.3 * random.normal(size=(rows, outputs))
ols = sklearn.linear_model.LinearRegression().fit(x, y)
lasso = [sklearn.linear_model.Lasso(alpha=alpha, tol=1e-14, max_iter=10**6).fit(x, y) for alpha in (0.01, 0.1, 1.0)]
regression = {
    "rows": rows,
    "x": x.ravel().tolist(),
    "y": y.ravel().tolist(),
    "ols": {"coefficients": ols.coef_.ravel().tolist(), "intercept": ols.intercept_.tolist(), "r2": sklearn.metrics.r2_score(y, ols.predict(x))},
    "lasso": [
        {"alpha": fit.alpha, "coefficients": fit.coef_.ravel().tolist(), "intercept": fit.intercept_.tolist(), "r2": sklearn.metrics.r2_score(y, fit.predict(x))}
        for fit in lasso
    ],
}

a = random.normal(size=(5, 5))
linear_algebra = {
    "matrices": [
        {"size": 5, "matrix": (scale * a).ravel().tolist(), "exponential": scipy.linalg.expm(scale * a).ravel().tolist()} for scale in (0.01, 0.5, 3.0, 8.0)
    ]
}

scores = np.round(random.normal(size=40), 1)
truth = (scores + random.normal(size=40) > 0).astype(int)
other = np.round(scores**3 + random.normal(size=40), 1)
statistics = {
    "scores": scores.tolist(),
    "truth": truth.tolist(),
    "other": other.tolist(),
    "auc": sklearn.metrics.roc_auc_score(truth, scores),
    "spearman": float(scipy.stats.spearmanr(scores, other).statistic),
    "pearson": float(scipy.stats.pearsonr(scores, other).statistic),
    "sd": float(np.std(scores, ddof=1)),
    "quantiles": [[q, float(np.quantile(scores, q))] for q in (0, 0.05, 0.25, 0.5, 0.9, 1)],
}

m = random.normal(size=(12, 4)) @ np.diag([5, 2, 1, 0.1])
centred = m - m.mean(0)
u, s, vt = np.linalg.svd(centred, full_matrices=False)
pca = {"rows": 12, "columns": 4, "matrix": m.ravel().tolist(), "singularValues": s.tolist(), "axes": np.abs(vt).ravel().tolist()}

out = {"elementary": elementary, "regression": regression, "linearAlgebra": linear_algebra, "statistics": statistics, "pca": pca}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(out) + "\n")
