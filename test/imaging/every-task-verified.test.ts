import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { referencesIn } from '../../contracts/artifact-references.ts';
import type { Json } from '../../contracts/flow-definition.ts';
import type { StoredImage } from '../../contracts/images.ts';
import { createTaskRegistry } from '../../flow-tasks.ts';
import { ProvenanceBook } from '../../imaging/io/provenance.ts';
import { closeCutoutPools } from '../../imaging/tasks/cutout.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { closeDownloads } from '../../platform/download.ts';
import type { Settings } from '../../platform/configuration.ts';
import { NotVerifiable, verifyArtifact } from '../../verify-artifact.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { serveFolder } from './support/image-server.ts';
import { TaskBench } from './support/task-bench.ts';
import { haveWeights, withTestModels } from './support/weights.ts';

const never = new AbortController().signal;

/** Tasks whose result is in their value alone: there is no file to be made again. */
const storeNothing = [
  'automation@1',
  'check@1',
  'image.duplicates@1',
  'image.hash@1',
  'image.metadata@1',
  'image.quality@1',
  'locate@1',
  'process.run@1',
  'store.cleanup@1',
  'store.remove@1',
];

// Where there are no weights, the method without them stands for the other.
const method = (await haveWeights('u2netp')) ? { model: 'u2netp' } : { method: 'plain' };

/** What each task that stores files is asked here, of an image, another one, and the address of the first. */
const inputs: Record<string, (image: StoredImage, other: StoredImage, url: string) => object> = {
  'image.blur@1': (image) => ({ image, sigma: 3 }),
  'image.composite@1': (image, overlay) => ({ image, overlay, share: 0.3, opacity: 0.5 }),
  'image.contact-sheet@1': (image, other) => ({ images: [image, other, { image: null }] }),
  'image.convert@1': (image) => ({ image, format: 'webp' }),
  'image.crop@1': (image) => ({ image, left: 5, top: 6, width: 40, height: 30 }),
  'image.cutout@1': (image) => ({ image, ...method }),
  'image.cutouts@1': (image, other) => ({ images: [image, other], method: 'plain' }),
  'image.deep-zoom@1': (image) => ({ image, tileSize: 128 }),
  'image.diff@1': (before, after) => ({ before, after }),
  'image.download@1': (_image, _other, url) => ({ urls: [url] }),
  'image.fetch@1': (_image, _other, url) => ({ url }),
  'image.montage@1': (image, other) => ({ images: [image, other], gap: 3, direction: 'down' }),
  'image.normalize@1': (image) => ({ image }),
  'image.pyramid@1': (image) => ({ image, tileSize: 128 }),
  'image.resize@1': (image) => ({ image, width: 100 }),
  'image.sharpen@1': (image) => ({ image }),
  'image.strip@1': (image) => ({ image }),
  'image.thumbnail@1': (image) => ({ image, size: 64 }),
  'image.upright@1': (image) => ({ image, turn: 90 }),
};

describe('every task of the catalogue', () => {
  let settings: Settings;
  let store: ArtifactStore;
  let bench: TaskBench;
  let known: string[];
  let [image, other]: StoredImage[] = [];
  let url: string;

  beforeAll(async () => {
    settings = withTestModels(await scratchFolder(), { SKYLOOM_ALLOW_PRIVATE_ADDRESSES: 'true' });
    store = new ArtifactStore(settings.SKYLOOM_HOME);
    const { tasks } = await createTaskRegistry(settings);
    known = [...tasks.keys()];
    bench = new TaskBench([...tasks.values()]);
    const folder = await scratchFolder();
    await writeFile(join(folder, 'disc.jpg'), await disc('rgb(200,40,30)'));
    url = `${await serveFolder(folder)}/disc.jpg`;
    [image, other] = [
      await add('rgb(200,40,30)', 'red.jpg'),
      await add('rgb(30,40,200)', 'blue.jpg'),
    ];
  }, 60_000);

  afterAll(async () => {
    await closeCutoutPools();
    await closeDownloads();
  });

  it('stores files that are made again here, or none', () => {
    expect([...Object.keys(inputs), ...storeNothing].sort(byName)).toEqual(known.sort(byName));
  });

  it.each(Object.keys(inputs))(
    '%s makes the same again, and other parameters do not',
    async (name) => {
      const made = await run(name);
      expect(made.length).toBeGreaterThan(0);
      for (const sha256 of made) {
        expect(await verifyArtifact(sha256, settings, never)).toMatchObject({
          verdict: 'equal',
          artifact: sha256,
          madeBy: { task: name },
          damaged: [],
        });
      }
      // The file of another making, under this one's name in the book.
      const [sha256] = made;
      const book = new ProvenanceBook(settings);
      const provenance = (await book.find(sha256!))!;
      await book.note(sha256!, {
        ...provenance,
        task: 'image.blur@1',
        parameters: { image, sigma: 9 },
      });
      const tampered = await verifyArtifact(sha256!, settings, never);
      await book.note(sha256!, provenance);
      expect(tampered.verdict).toBe('different');
    },
    120_000,
  );

  it('has its stored files looked at, too', async () => {
    const [sha256] = await run('image.sharpen@1');
    const bytes = Buffer.from(bench.bytesOf({ sha256: sha256! }));
    await store.addBytes('run', 'image/jpeg', bytes);
    expect((await verifyArtifact(sha256!, settings, never)).verdict).toBe('equal');
    const changed = Buffer.from(bytes);
    changed[changed.length >> 1]! ^= 1;
    await place(sha256!, changed);
    const damaged = await verifyArtifact(sha256!, settings, never);
    expect(damaged).toMatchObject({ verdict: 'damaged', damaged: [sha256] });
    // As a file of its own nobody knows it.
    const stored = await store.addBytes('run', 'image/jpeg', changed);
    const unknown = verifyArtifact(stored.sha256, settings, never);
    await expect(unknown).rejects.toThrow(NotVerifiable);
    await expect(unknown).rejects.toThrow(/it was changed since/);
  });

  /** @returns the digests of the files that it stored, as its value names them. */
  async function run(name: string): Promise<string[]> {
    const input = inputs[name]!(image!, other!, url);
    const value = await bench.run<Json>(name, input);
    const given = new Set(referencesIn(input).map(({ sha256 }) => sha256));
    const made = referencesIn(value).map(({ sha256 }) => sha256);
    return [...new Set(made.filter((sha256) => !given.has(sha256)))];
  }

  async function add(color: string, name: string): Promise<StoredImage> {
    const added = await bench.add(await disc(color), name);
    await store.addBytes('run', added.mediaType, bench.bytesOf(added));
    return added;
  }

  async function place(sha256: string, bytes: Uint8Array): Promise<void> {
    const path = join(settings.SKYLOOM_HOME, 'artifacts', sha256.slice(0, 2), sha256);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
});

/** A disc before a plain backdrop, with a camera's name in it: 240 x 180. */
function disc(color: string): Promise<Buffer> {
  const svg = `<svg width="240" height="180"><rect width="240" height="180" fill="rgb(210,215,205)"/><circle cx="120" cy="90" r="50" fill="${color}"/></svg>`;
  return sharp(Buffer.from(svg))
    .removeAlpha()
    .withExif({ IFD0: { Model: 'Camera' } })
    .jpeg()
    .toBuffer();
}

function byName(a: string, b: string): number {
  return a < b ? -1 : 1;
}
