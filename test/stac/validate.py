"""Validates the STAC item in a file against the schemas that pystac ships, and prints what pystac reads from it."""

import json
import sys

import pystac
from pystac.extensions.file import FileExtension
from pystac.extensions.projection import ProjectionExtension
from pystac.validation import validate_dict

with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)

# The core schemas come with the package; those of extensions would be fetched from the network.
schemas = validate_dict(document, extensions=[])
item = pystac.Item.from_dict(document)
projection = ProjectionExtension.ext(item)
data = FileExtension.ext(item.assets["data"])
print(
    json.dumps(
        {
            "schemas": schemas,
            "id": item.id,
            "bbox": item.bbox,
            "code": projection.code,
            "transform": projection.transform,
            "shape": projection.shape,
            "checksum": data.checksum,
            "size": data.size,
            "extensions": item.stac_extensions,
        }
    )
)
