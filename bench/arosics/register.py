"""Registers pairs of files with AROSICS: a line of JSON in for each pair, a line of JSON out for each answer.

A pair names `reference`, `target` and, for a grid of windows, `grid` with its `window` and `step` in pixels
and the path `corrected` to write to; without a grid one window is compared and nothing is written.

The shift is that of the target's content against the reference, pixels right and down: the opposite of
the correction that AROSICS reports.
"""

import contextlib
import io
import json
import sys
import time
import warnings

import numpy
from osgeo import gdal, gdal_array

# AROSICS asks for GDAL 3.8; Debian 12 has 3.6, which lacks two conveniences and one type of pixels.
if not hasattr(gdal.Dataset, "__enter__"):
    gdal.Dataset.__enter__ = lambda self: self
    gdal.Dataset.__exit__ = lambda self, *failure: None
if not hasattr(gdal, "config_options"):

    @contextlib.contextmanager
    def config_options(options):
        before = {name: gdal.GetConfigOption(name) for name in options}
        for name, value in options.items():
            gdal.SetConfigOption(name, value)
        try:
            yield
        finally:
            for name, value in before.items():
                gdal.SetConfigOption(name, value)

    gdal.config_options = config_options
if gdal_array.NumericTypeCodeToGDALTypeCode(numpy.bool_) is None:
    known_type = gdal_array.NumericTypeCodeToGDALTypeCode
    gdal_array.NumericTypeCodeToGDALTypeCode = lambda code: (
        gdal.GDT_Byte if numpy.dtype(code) == numpy.bool_ else known_type(code)
    )

warnings.filterwarnings("ignore")
gdal.UseExceptions()

from arosics import COREG, COREG_LOCAL  # noqa: E402

MAX_SHIFT_PIXELS = 12


def register(pair):
    started = time.perf_counter()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            shift, words = grid(pair) if pair["grid"] else window(pair)
    except Exception as error:  # what it refuses is an answer, too
        shift, words = None, f"{type(error).__name__}: {error}"
    return {"shift": shift, "words": words, "seconds": time.perf_counter() - started}


def window(pair):
    found = COREG(pair["reference"], pair["target"], q=True, max_shift=MAX_SHIFT_PIXELS, CPUs=2)
    found.calculate_spatial_shifts()
    if not found.success:
        return None, "no match"
    return opposite(found.coreg_info["corrected_shifts_px"]), f"reliability {found.shift_reliability:.0f} %"


def grid(pair):
    size, step = pair["grid"]["window"], pair["grid"]["step"]
    found = COREG_LOCAL(
        pair["reference"], pair["target"], grid_res=step, window_size=(size, size),
        max_shift=MAX_SHIFT_PIXELS, path_out=pair["grid"]["corrected"], fmt_out="GTIFF", q=True, CPUs=2,
        progress=False,
    )
    table = found.CoRegPoints_table
    kept = table[(table["OUTLIER"] == False) & (table["X_SHIFT_PX"] != -9999)]  # noqa: E712
    if len(kept) == 0:
        return None, f"none of {len(table)} windows"
    found.correct_shifts()
    return (
        {"x": -float(kept["X_SHIFT_PX"].median()), "y": -float(kept["Y_SHIFT_PX"].median())},
        f"{len(kept)} of {len(table)} windows",
    )


def opposite(correction):
    return {"x": -float(correction["x"]), "y": -float(correction["y"])}


for line in sys.stdin:
    print(json.dumps(register(json.loads(line))), flush=True)
