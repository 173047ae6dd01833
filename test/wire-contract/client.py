"""A client of another SDK: it knows the names of the original contract, and nothing else of this system.

    client.py run ADDRESS IMAGE_TYPE IMAGE_PATH    starts one run, waits, and prints its id and result
    client.py refused ADDRESS IMAGE_PATH           sends bad requests, and prints how each of them ended
"""

import asyncio
import json
import os
import sys
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.common.v1 import Payload, WorkflowType
from temporalio.client import Client, WorkflowFailureError
from temporalio.common import (
    RawValue,
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

WORKFLOW = "AutomationWorkflow"
QUEUE = "automation-pipeline-queue"
# Longer than any refusal may take; what hangs is reported, and not waited for.
PATIENCE = timedelta(seconds=10)


@dataclass
class AutomationInput:
    image_path: str
    image_type: str


async def run(client: Client, image_type: str, image_path: str) -> dict:
    handle = await client.start_workflow(
        WORKFLOW,
        AutomationInput(image_path=image_path, image_type=image_type),
        id=f"automation-workflow-{uuid.uuid4()}",
        task_queue=QUEUE,
        memo={"description": f"{image_type} auto-processing run", "initiated_by": "api"},
        search_attributes=TypedSearchAttributes(
            [
                SearchAttributePair(SearchAttributeKey.for_text("CustomStringField"), "my-workflow-id"),
                SearchAttributePair(SearchAttributeKey.for_keyword("CustomKeywordField"), image_type.lower()),
                SearchAttributePair(SearchAttributeKey.for_int("CustomIntField"), 42),
                SearchAttributePair(SearchAttributeKey.for_bool("CustomBoolField"), True),
            ]
        ),
        static_summary=f"{image_type} run",
        static_details="Created by API dispatch on request",
    )
    return {"id": handle.id, "result": await handle.result()}


def bad_requests(image_path: str) -> dict[str, list]:
    """The arguments of each bad request, by the name of its kind."""
    good = {"image_path": image_path, "image_type": "Navad"}
    return {
        "unknown type": [AutomationInput(image_path, "Drone")],
        "number for a path": [{**good, "image_path": 7}],
        "missing key": [{"image_path": image_path}],
        "empty path": [AutomationInput("", "Navad")],
        "absent path": [AutomationInput("/no/such/place", "Navad")],
        "over-long path": [AutomationInput("/" + "long" * 2_000, "Navad")],
        "over-large path": [AutomationInput("/" + "x" * 1_990_000, "Navad")],
        "list": [["Navad", image_path]],
        "string": ["Navad"],
        "null": [None],
        "no argument": [],
        "path in a file": [AutomationInput("/dev/null/flight", "Navad")],
        "path with a zero byte": [AutomationInput("/flight\0", "Navad")],
        "path with an over-long name": [AutomationInput("/" + "x" * 300, "Navad")],
        "file on another machine": [AutomationInput("file://elsewhere/flight", "Navad")],
        "deeply nested object": [{"image_path": nested(90), "image_type": "Navad"}],
        "object nested without end": [raw({"encoding": b"json/plain"}, b'{"a":' * 20_000 + b"1" + b"}" * 20_000)],
        "bytes": [b"\x00\x01\x02"],
        "many bytes": [b"\xff" * 1_000_000],
        "protobuf": [WorkflowType(name="Navad")],
        "binary protobuf": [raw({"encoding": b"binary/protobuf"}, b"\x0a\x01\x61")],
        "encryption": [raw({"encoding": b"binary/encrypted"}, b"\x99")],
        "no encoding": [raw({}, b"{}")],
        "malformed JSON": [raw({"encoding": b"json/plain"}, b'{"image_path": ')],
    }


def nested(depth: int) -> object:
    value: object = "end"
    for _ in range(depth):
        value = {"a": value}
    return value


def raw(metadata: dict[str, bytes], data: bytes) -> RawValue:
    return RawValue(Payload(metadata=metadata, data=data))


async def refused(client: Client, image_path: str) -> dict:
    requests = {kind: (args, None) for kind, args in bad_requests(image_path).items()}
    requests["encrypted memo"] = (["Navad"], {"note": raw({"encoding": b"binary/encrypted"}, b"\x99")})
    # One after the other, so that none waits for the work on another.
    return {kind: await end_of(client, *request) for kind, request in requests.items()}


async def end_of(client: Client, args: list, memo: dict | None) -> dict:
    started = time.monotonic()
    handle = await client.start_workflow(
        WORKFLOW,
        args=args,
        id=f"automation-workflow-{uuid.uuid4()}",
        task_queue=QUEUE,
        memo=memo,
    )
    end = {}
    try:
        end["result"] = await handle.result(rpc_timeout=PATIENCE)
    except RPCError as error:
        end["message"] = f"No end within {PATIENCE}: {error}"
    except WorkflowFailureError as error:
        end["message"] = str(getattr(error.cause, "message", error.cause))
        if isinstance(error.cause, ApplicationError):
            end["type"] = error.cause.type
            end["isRetryable"] = not error.cause.non_retryable
    seconds = time.monotonic() - started
    described = await handle.describe()
    return {**end, "seconds": seconds, "status": described.status.name}


async def main(command: str, address: str, *words: str) -> None:
    client = await Client.connect(address)
    commands = {"run": run, "refused": refused}
    print(json.dumps(await commands[command](client, *words)), flush=True)
    # The SDK's threads may still run when the interpreter takes itself apart, which then crashes once in
    # a while: the answer is out, so the process ends without that.
    os._exit(0)


asyncio.run(main(*sys.argv[1:]))
