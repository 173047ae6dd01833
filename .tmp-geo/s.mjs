import sharp from 'sharp';
import { writeArrayBuffer } from 'geotiff';
import fs from 'node:fs';
const D = '/work/shared/data/';
const files = [
  'geotiff-misc/RGB.byte.tif',
  'geotiff-misc/all-nodata.tif',
  'geotiff-misc/float_nan.tif',
  'geotiff-misc/goes.tif',
  'geotiff-misc/rotated.tif',
  'geotiff-misc/test_esri_wkt.tif',
  'geotiff-misc/world.byte.tif',
  'sat-landsat-series/1985.tif',
  'sat-naip-series/m_4709963_se_14_1_20160816.tif',
  'sat-qb2-rpc/qb2_basic1b.tif',
  'sat-pleiades/rpc/PHR1B_P_201709281038393_SEN_PRG_FC_178609-001.tif',
  'sat-pleiades/ventoux/left_image.tif',
  'hostile/tiff_ifd_loop.tif',
  'hostile/tiff_ifd_past_end.tif',
  'hostile/tiff_absurd_size.tif',
  'hostile/truncated_half.jpg',
  'hostile/bomb_20000x20000.png',
  'hostile/only_soi.jpg',
];
const mk = (v, m, n) => {
  fs.writeFileSync('/tmp/' + n, Buffer.from(writeArrayBuffer(v, m)));
  return '/tmp/' + n;
};
const w = 20,
  h = 10;
const u16 = Uint16Array.from({ length: w * h }, (_, i) => i * 100);
const f32 = Float32Array.from({ length: w * h }, (_, i) => (i === 0 ? -9999 : i * 0.5 - 20));
const u16x5 = Uint16Array.from({ length: w * h * 5 }, (_, i) => i * 10);
const f1 = mk(u16, { width: w, height: h }, 'u16.tif'),
  f2 = mk(f32, { width: w, height: h }, 'f32.tif'),
  f3 = mk(
    u16x5,
    {
      width: w,
      height: h,
      SamplesPerPixel: 5,
      BitsPerSample: [16, 16, 16, 16, 16],
      PhotometricInterpretation: 1,
      ExtraSamples: [0, 0, 0, 0],
    },
    'u16x5.tif',
  );
for (const f of [...files.map((f) => D + f), f1, f2, f3]) {
  const n = f.split('/').pop();
  try {
    const t = Date.now();
    const m = await sharp(f, { limitInputPixels: 3e8, failOn: 'truncated' }).metadata();
    console.log(n, m.format, m.width, m.height, m.channels, m.depth, m.space, m.hasAlpha, m.pages);
    const d = { uchar: 'uchar', ushort: 'ushort', float: 'float' }[m.depth] ?? 'float';
    for (const cs of ['none', 'b-w', 'grey16', 'rgb16', 'multiband']) {
      try {
        let p = sharp(f, { limitInputPixels: 3e8, failOn: 'truncated' });
        if (cs !== 'none') p = p.pipelineColourspace(cs).toColourspace(cs);
        const { data, info } = await p
          .resize(20, 10, { fit: 'inside', kernel: 'nearest', withoutEnlargement: true })
          .raw({ depth: d })
          .timeout({ seconds: 20 })
          .toBuffer({ resolveWithObject: true });
        const A =
          d === 'uchar'
            ? new Uint8Array(data.buffer, data.byteOffset, data.length)
            : d === 'ushort'
              ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
              : new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length));
        console.log(
          '   ',
          cs,
          info.width,
          info.height,
          info.channels,
          info.depth,
          Array.from(A.slice(0, 8)).join(' '),
        );
      } catch (e) {
        console.log('   ', cs, 'ERR', e.message.slice(0, 120));
      }
      if (d === 'uchar' && cs === 'b-w') break;
    }
  } catch (e) {
    console.log(n, 'ERR', e.message);
  }
}
