"""Reads a STAC collection and an item collection with pystac and validates them against the schemas of STAC
itself, which pystac carries; schemas of extensions would have to be fetched."""

import json
import sys

import pystac
from pystac.validation import validate_dict

collection_path, items_path = sys.argv[1:]
with open(collection_path, encoding="utf-8") as file:
    collection = json.load(file)
with open(items_path, encoding="utf-8") as file:
    items = json.load(file)
pystac.Collection.from_dict(collection)
read = pystac.ItemCollection.from_dict(items)
validate_dict(collection, extensions=[])
for item in items["features"]:
    validate_dict(item, extensions=[])
print(json.dumps({"collection": collection["id"], "items": [item.id for item in read]}))
