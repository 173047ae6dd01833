import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import sharp from 'sharp';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { ImageDescription } from '../../contracts/flight.ts';
import { createExaminationActivities } from '../../ingestion/activities.ts';
import { examineImage } from '../../ingestion/io/examine-image.ts';
import { closePixelThreads } from '../../ingestion/io/pixel-threads.ts';
import { ManifestBuilder } from '../../ingestion/model/manifest.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { readSettings } from '../../platform/configuration.ts';
import { flightImage } from '../support/flight-image.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const options = { name: 'A.JPG', limitPixels: 3e8, timeoutSeconds: 20 };

afterAll(closePixelThreads);

/** A picture unlike itself however it is turned. */
async function scene(width: number, height: number): Promise<Buffer> {
  const samples = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) / width, Math.floor(i / width) / height];
    return 127 + 60 * Math.sin(5 * x + 1) * Math.cos(3 * y) + (x > 0.6 && y < 0.4 ? 60 : 0);
  });
  return sharp(samples, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** A JPEG with another in its EXIF: an empty first directory, and a second that says where it stands. */
function withThumbnail(image: Buffer, thumbnail: Buffer): Buffer {
  const directory = Buffer.alloc(2 + 3 * 12 + 4);
  directory.writeUInt16LE(3, 0);
  const entries = [
    [0x0103, 3, 6],
    [0x0201, 4, 14 + directory.length],
    [0x0202, 4, thumbnail.length],
  ] as const;
  for (const [index, [tag, type, value]] of entries.entries()) {
    const at = 2 + 12 * index;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(1, at + 4);
    directory.writeUInt32LE(value, at + 8);
  }
  const head = Buffer.from('4578696600004949', 'hex');
  const tiff = Buffer.from('2a00080000000000' + '0e000000', 'hex');
  const body = Buffer.concat([head, tiff, directory, thumbnail]);
  const marker = Buffer.from([0xff, 0xe1, 0, 0]);
  marker.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([image.subarray(0, 2), marker, body, image.subarray(2)]);
}

async function examined(file: Buffer, timeoutSeconds = 20) {
  const path = join(await scratchFolder(), 'A.JPG');
  await writeFile(path, file);
  return examineImage(path, { ...options, timeoutSeconds });
}

async function codesOf(file: Buffer, timeoutSeconds = 20): Promise<string[]> {
  const { findings } = await examined(file, timeoutSeconds);
  return findings.map(({ code }) => code);
}

describe('an image', () => {
  it('whose thumbnail fits only when it is turned is named, and one that fits is not', async () => {
    const [image, small] = [await scene(400, 300), await scene(160, 120)];
    const turned = await sharp(small).rotate(180).jpeg({ quality: 95 }).toBuffer();
    const turnOf = async (thumbnail: Buffer) => {
      const { description } = await examined(withThumbnail(image, thumbnail));
      return description.thumbnailTurn;
    };
    const thumbnailTurn = (await turnOf(turned))!;
    expect(thumbnailTurn.turnDegrees).toBe(180);
    expect(judged({ thumbnailTurn }).image).toMatchObject([{ code: 'THUMBNAIL_ROTATED' }]);
    expect(await turnOf(small)).toBeUndefined();
  });

  it('that is no photo by its first bytes is named by what it is', async () => {
    expect(await codesOf(Buffer.from('%PDF-1.7\n'))).toEqual(['FORMAT_UNSUPPORTED']);
  });

  it('that takes longer than it may is named, and another time it is not', async () => {
    // The thread that reads tags has to start first, which takes longer than no time.
    await closePixelThreads();
    expect(await codesOf(await scene(64, 48), 0)).toEqual(['DECODE_TIMEOUT']);
    expect(await codesOf(await scene(64, 48))).not.toContain('DECODE_TIMEOUT');
  });

  it('at which the worker died twice is named, and the others of its batch are examined', async () => {
    const store = new ArtifactStore(await scratchFolder());
    const settings = readSettings({ SKYLOOM_HOME: await scratchFolder() });
    const services = { store, settings, isServerLocal: true, pixelThreads: 1 };
    const { examineImages } = createExaminationActivities(services as never);
    const file = await store.addBytes('run', 'image/jpeg', await scene(64, 48));
    const images = ['A.JPG', 'B.JPG'].map((name) => ({ name, file, findings: [] }));
    const environment = new MockActivityEnvironment({
      heartbeatDetails: { version: 1, done: {}, started: { 'B.JPG': 2 } },
    });
    const fetched = await store.addJson('run', { images });
    const ref = (await environment.run(() =>
      examineImages({ fetched, count: 2, runKey: 'run' }),
    )) as ArtifactRef;
    const { images: seen } = JSON.parse((await store.readBytes(ref)).toString('utf8'));
    expect(seen[0].description.width).toBe(64);
    expect(seen[1]).toMatchObject({ name: 'B.JPG', usable: false, description: null });
    expect(seen[1].findings).toMatchObject([{ code: 'POISONED', severity: 'error' }]);
  });
});

const base = flightImage('x').description!;

/** Codes by subject, of a flight of eight images of which the first is as said. */
function judged(first: Partial<ImageDescription>, others: Partial<ImageDescription> = {}) {
  const flight = Array.from({ length: 8 }, (_, index) => {
    const place = { ...base.position!, latitude: base.position!.latitude + index * 3e-5 };
    const capturedAt = `2026-05-04T10:00:0${index}.5`;
    const more = index === 0 ? { ...others, ...first } : others;
    return flightImage(`IMG_${index}.JPG`, { position: place, capturedAt, ...more });
  });
  const builder = new ManifestBuilder();
  builder.survey(flight);
  builder.locate(flight);
  const findings = builder.judge(flight)[0]!.findings;
  return { image: findings, flight: builder.build('F1', []).findings };
}

describe('a flight', () => {
  it('has an image named that is too bright, or of which no attitude is known', () => {
    const bright = { ...base.measures!, meanLuminance: 0.95, clipHigh: 0.5 };
    expect(judged({ measures: bright }).image).toMatchObject([
      { code: 'OVEREXPOSED', severity: 'error' },
    ]);
    expect(judged({ attitude: null }).image).toMatchObject([
      { code: 'ATTITUDE_MISSING', severity: 'warning' },
    ]);
    expect(judged({}).image).toEqual([]);
  });

  it('says what share of its positions are not fixed', () => {
    const single = { position: { ...base.position!, rtkFlag: 16 } };
    const found = judged(single).flight.filter(({ code }) => code === 'RTK_NOT_FIXED');
    expect(found).toMatchObject([
      { severity: 'warning', scope: 'flight', values: { notFixed: 1, known: 8, share: 1 / 8 } },
    ]);
    expect(judged({}).flight.map(({ code }) => code)).not.toContain('RTK_NOT_FIXED');
  });

  it('says when some of it was seen from much higher', () => {
    const codes = ({ flight }: ReturnType<typeof judged>) => flight.map(({ code }) => code);
    expect(codes(judged({ relativeAltitude: 140 }))).toContain('GSD_SPREAD');
    expect(codes(judged({ relativeAltitude: 120 }))).not.toContain('GSD_SPREAD');
  });
});
