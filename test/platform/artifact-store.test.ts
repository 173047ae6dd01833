import { createReadStream } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ArtifactStore, FileTooLarge } from '../../platform/artifact-store.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

describe('ArtifactStore', () => {
  it('names a file by the SHA-256 of its bytes, and keeps one of equal ones', async () => {
    const home = await scratchFolder();
    const store = new ArtifactStore(home);
    const first = await store.addBytes('run-1', 'text/plain', Buffer.from('abc'));
    const second = await store.addStream(
      'run-2',
      'text/plain',
      Readable.from([Buffer.from('abc')]),
    );
    expect(first).toEqual(second);
    expect(first.sha256).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(await readFile(await store.fileOf(first), 'utf8')).toBe('abc');
    expect(await readdir(join(home, 'artifacts', 'tmp'))).toEqual([]);
  });

  it('removes a file when its last owner lets it go', async () => {
    const store = new ArtifactStore(await scratchFolder());
    const ref = await store.addBytes('run-1', 'text/plain', Buffer.from('abc'));
    await store.addBytes('run-2', 'text/plain', Buffer.from('abc'));
    expect(await store.owners.release('run-1', ref.sha256)).toBe(0);
    expect(await store.has(ref)).toBe(true);
    expect(await store.owners.release('run-2', ref.sha256)).toBe(3);
    expect(await store.has(ref)).toBe(false);
    expect(await store.owners.release('run-2', ref.sha256)).toBe(0);
  });

  it('refuses a stream past its limit and leaves nothing behind', async () => {
    const home = await scratchFolder();
    const store = new ArtifactStore(home);
    const long = Readable.from([Buffer.alloc(10), Buffer.alloc(10)]);
    await expect(store.addStream('run-1', 'x', long, { limitBytes: 15 })).rejects.toThrow(
      FileTooLarge,
    );
    expect(await readdir(join(home, 'artifacts', 'tmp'))).toEqual([]);
  });

  it('takes over a file that was written aside, under the same name as its bytes', async () => {
    const home = await scratchFolder();
    const store = new ArtifactStore(home);
    // Longer than what is read at once.
    const bytes = Buffer.alloc(2.5 * 2 ** 20, 'skyloom');
    const [ref, lent] = await store.withScratchFile(async (path) => {
      await writeFile(path, bytes);
      return [await store.addFile('run-1', 'text/plain', path), path];
    });
    expect(ref).toEqual(await store.addBytes('run-2', 'text/plain', bytes));
    expect((await store.readBytes(ref)).equals(bytes)).toBe(true);
    await expect(readFile(lent)).rejects.toThrow('ENOENT');
    expect(await store.owners.release('run-1', ref.sha256)).toBe(0);
  });

  it('leaves nothing of a file that was not finished', async () => {
    const home = await scratchFolder();
    const failing = new ArtifactStore(home).withScratchFile(async (path) => {
      await writeFile(path, 'half');
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect(await readdir(join(home, 'artifacts', 'tmp'))).toEqual([]);
  });

  it('says what a stream failed for, though it did so before anybody listened', async () => {
    const home = await scratchFolder();
    const store = new ArtifactStore(home);
    const missing = createReadStream(join(home, 'nowhere'));
    await expect(store.addStream('run-1', 'x', missing)).rejects.toThrow(/ENOENT.*nowhere/);
    expect(await readdir(join(home, 'artifacts', 'tmp'))).toEqual([]);
  });

  it('checks what it reads', async () => {
    const store = new ArtifactStore(await scratchFolder());
    const ref = await store.addJson('run-1', { b: 1, a: [2] });
    expect(await readFile(await store.fileOf(ref), 'utf8')).toBe('{"a":[2],"b":1}');
    expect(await store.readJson(ref, z.object({ b: z.number() }))).toEqual({ b: 1 });
    await expect(store.readJson(ref, z.object({ c: z.number() }))).rejects.toThrow();
  });
});

describe('canonicalJson()', () => {
  it('refuses numbers that JSON would lose', () => {
    expect(() => canonicalJson({ a: { b: Number.NaN } })).toThrow('"b"');
  });

  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: { d: 1, c: 2 }, a: 1 })).toBe(
      canonicalJson({ a: 1, b: { c: 2, d: 1 } }),
    );
  });
});
