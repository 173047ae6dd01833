"""Registers pairs of files with AROSICS: one JSON list of {reference, target, local} in, one of answers out.

The shift is that of the target's content against the reference, pixels right and down: the opposite of
the correction that AROSICS reports.
"""

import contextlib
import io
import json
import sys
import time
import warnings

from osgeo import gdal

# AROSICS asks for GDAL 3.8; Debian 12 has 3.6, which lacks two conveniences and no function.
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

warnings.filterwarnings("ignore")
gdal.UseExceptions()

from arosics import COREG, COREG_LOCAL  # noqa: E402


def register(pair):
    started = time.perf_counter()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            shift, words = local(pair) if pair["local"] else whole(pair)
    except Exception as error:  # what it refuses is an answer, too
        shift, words = None, f"{type(error).__name__}: {error}"
    return {"shift": shift, "words": words, "seconds": time.perf_counter() - started}


def whole(pair):
    found = COREG(pair["reference"], pair["target"], q=True, max_shift=12, CPUs=2)
    found.calculate_spatial_shifts()
    if not found.success:
        return None, "no match"
    return opposite(found.coreg_info["corrected_shifts_px"]), f"reliability {found.shift_reliability:.0f} %"


def local(pair):
    found = COREG_LOCAL(
        pair["reference"], pair["target"], grid_res=96, window_size=(128, 128), max_shift=12, q=True,
        CPUs=2, progress=False,
    )
    table = found.CoRegPoints_table
    kept = table[(table["OUTLIER"] == False) & (table["X_SHIFT_PX"] != -9999)]  # noqa: E712
    if len(kept) == 0:
        return None, "no tie point"
    return (
        {"x": -float(kept["X_SHIFT_PX"].median()), "y": -float(kept["Y_SHIFT_PX"].median())},
        f"{len(kept)} tie points",
    )


def opposite(correction):
    return {"x": -float(correction["x"]), "y": -float(correction["y"])}


print(json.dumps([register(pair) for pair in json.load(sys.stdin)]))
