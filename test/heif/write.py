"""Writes a HEIC file for each orientation of EXIF into a folder: write.py FOLDER"""

import sys

import pillow_heif
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

pillow_heif.register_heif_opener()


def tags(orientation):
    exif = Image.Exif()
    exif[0x010F] = "Apple"
    exif[0x0110] = "iPhone 5s"
    exif[0x0112] = orientation
    details = exif.get_ifd(0x8769)
    details[0x9003] = "2026:05:04 10:00:00"
    details[0x9291] = "25"
    details[0x920A] = IFDRational(412, 100)
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "S", (48.0, 6.0, 0.36)
    place[3], place[4] = "E", (11.0, 30.0, 0.0)
    place[5], place[6] = b"\x00", 567.5
    return exif


image = Image.new("RGB", (400, 300))
image.putdata([(7 * x % 256, 5 * y % 256, x * y % 256) for y in range(300) for x in range(400)])
for orientation in range(1, 9):
    image.save(f"{sys.argv[1]}/{orientation}.heic", exif=tags(orientation).tobytes())
