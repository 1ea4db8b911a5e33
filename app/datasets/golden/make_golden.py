"""Writes the files of this folder: what NumPy and Arrow themselves write. Needs numpy and pyarrow."""
import os
import sys

folder = os.path.dirname(os.path.abspath(__file__))


def arrays():
    import numpy as np

    x = np.arange(24, dtype=np.float64).reshape(6, 2, 2) / 8
    y = np.array([0, 1, 2, 0, 1, 2], dtype=np.int64)
    for name, save in [("stored", np.savez), ("deflated", np.savez_compressed)]:
        save(os.path.join(folder, f"{name}.npz"), X=x, y=y, note=np.float32(3))
    np.savez(
        os.path.join(folder, "types.npz"),
        f2=np.array([1.5, -0.25, np.inf, 6e-8], np.float16),
        f4=np.array([1.5, np.nan, 3, 4], np.float32),
        big=np.array([1, 2, 3, 4], ">i4"),
        b1=np.array([True, False, True, True]),
        u8=np.array([1, 2, 3, 2**40], np.uint64),
        i2=np.array([-1, 2, 3, 4], np.int16),
        text=np.array(["ä", "b", "", "10"]),
        fortran=np.asfortranarray(np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]], np.uint8)),
    )
    np.savez(os.path.join(folder, "objects.npz"), X=np.array([1, None], dtype=object), y=np.arange(2))


def parquet():
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {
        "rooms": pa.array([3, 4, 2, 5, 4, 3], pa.int64()),
        "area": pa.array([52.5, 81.0, 38.25, 120.0, None, 60.0], pa.float64()),
        "garden": pa.array([True, False, False, True, True, False]),
        "town": pa.array(["Köln", "Bonn", "Köln", "Aachen", "Bonn", "Köln"]),
        "price": pa.array([210.0, 330.0, 150.0, 520.0, 350.0, 240.0], pa.float32()),
    }
    for codec in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
        pq.write_table(pa.table(columns), os.path.join(folder, f"houses-{codec}.parquet"), compression=codec, row_group_size=4)
    pq.write_table(
        pa.table(columns), os.path.join(folder, "houses-v2.parquet"), data_page_version="2.0", version="2.6", use_dictionary=False
    )
    pq.write_table(pa.table({"list": [[1, 2], [3]], "y": [1, 2]}), os.path.join(folder, "nested.parquet"))
    days = pa.array([1, 2, 3, 4], pa.int32()).cast(pa.date32())
    pq.write_table(pa.table({"day": days, "y": [1, 2, 3, 4]}), os.path.join(folder, "dates.parquet"))


{"arrays": arrays, "parquet": parquet}[sys.argv[1]]()
