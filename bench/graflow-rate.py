"""Rate of Graflow for tasks that do nothing, side by side in its threads: `graflow-rate.py TASKS RUNS WARM_UPS`."""

import statistics
import sys
import time

from graflow.core.decorators import task
from graflow.core.task import parallel
from graflow.core.workflow import workflow

TASKS, RUNS, WARM_UPS = (int(word) for word in sys.argv[1:4])


def seconds() -> float:
    with workflow("bench") as flow:

        @task(id="first")
        def first():
            return None

        @task(id="last")
        def last():
            return None

        members = []
        for place in range(TASKS):

            @task(id=f"s{place}")
            def member():
                return None

            members.append(member)
        first >> parallel(*members) >> last
        start = time.perf_counter()
        flow.execute("first", max_steps=2 * TASKS)
        return time.perf_counter() - start


for _ in range(WARM_UPS):
    seconds()
print(TASKS / statistics.median(seconds() for _ in range(RUNS)))
