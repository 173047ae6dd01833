import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { GroundModel } from '../../contracts/flight.ts';
import { isGroundModel } from '../../contracts/flight-companions.ts';
import { MemberDamaged, MemberRefused } from '../../platform/archive.ts';
import { FileTooLarge } from '../../platform/artifact-store.ts';
import { isNotFound } from '../../platform/atomic-file.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import type { LeftOut } from './left-out.ts';
import type { SourceOptions } from './open-source.ts';

const SIDECAR = 'dem.prj';

/** A ground model that lies beside images in an archive or a bucket. */
export interface ModelBeside {
  name: string;
  /** Opens it, and gives it to `take`, which may be called again. */
  open: <Result>(take: (body: Readable) => Promise<Result>) => Promise<Result>;
}

/** The first by name of the files right beside the images that is a ground model. */
export function modelAmong(besides: readonly string[]): string | undefined {
  return besides.filter(isGroundModel).sort()[0];
}

/**
 * Brings a ground model into the artifact store: it is read in pieces, from a file.
 *
 * @param folder that the texts beside the images were brought into.
 * @returns the model, or why it is left out.
 */
export async function bringGroundModel(
  { name, open }: ModelBeside,
  folder: string,
  { store, owner, limitBytes, signal, onProgress }: SourceOptions,
): Promise<GroundModel | LeftOut> {
  const streaming = { limitBytes, signal, onBytes: () => onProgress?.() };
  try {
    const file = await open((body) => store.addStream(owner, 'image/tiff', body, streaming));
    const system = await textOf(join(folder, SIDECAR));
    return { file, name, ...(system === null ? {} : { system }) };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    return { name, code: 'FILE_LEFT_OUT', reason };
  }
}

/** Null for what might pass by itself. */
function reasonOf(error: unknown): string | null {
  if (error instanceof FileTooLarge) {
    return `it is longer than ${error.limitBytes} bytes: cut it to the flight, or raise SKYLOOM_MAX_DOWNLOAD_MEGABYTES`;
  }
  if (error instanceof MemberRefused || error instanceof MemberDamaged) {
    return `${error.message}: pack it anew`;
  }
  return error instanceof DownloadRefused ? `${error.message}: bring it anew` : null;
}

async function textOf(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
