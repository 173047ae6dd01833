import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { ImageSource } from '../../contracts/flight.ts';
import { upTo } from '../../platform/body-bytes.ts';
import { listArchive, openMember } from '../../platform/archive.ts';
import { isAddress, isBucketAddress } from '../../platform/image-sources.ts';
import { fileTypeOf } from '../model/file-type.ts';
import { isCompanion, MAX_TEXT_BYTES } from './companion-files.ts';
import { MAGIC_BYTES } from './flight-files.ts';
import { flightLayout, kindByName, MAX_DEPTH } from './flight-layout.ts';
import { modelAmong } from './bring-ground-model.ts';
import { type LeftOut, leftOutDeep } from './left-out.ts';
import type { RawListing } from './list-flight.ts';
import { type SourceOptions, takeSource } from './open-source.ts';

/** The flight in a zip archive; one that lies elsewhere is brought into the artifact store first. */
export async function listArchivedFlight(
  location: string,
  options: SourceOptions,
): Promise<RawListing> {
  const archive = isElsewhere(location) ? await bringHere(location, options) : null;
  const path = archive === null ? location : await options.store.fileOf(archive);
  const { members, leftOut } = await listArchive(path);
  const { root, imageRoot, candidates, besides, tooDeep } = flightLayout(members);
  const sources: ImageSource[] = [];
  const model = modelAmong(besides);
  for (const member of candidates) {
    if (!(await isImage(path, member))) continue;
    options.onProgress?.();
    const name = member.slice(imageRoot.length);
    sources.push({ name, location, member, ...(archive === null ? {} : { archive }) });
  }
  return {
    sources,
    leftOut: [
      ...leftOut.map(({ name, reason, isOutside }): LeftOut => {
        const code = isOutside
          ? 'PATH_ESCAPE'
          : reason.includes('link')
            ? 'LINK_LEFT_OUT'
            : 'FILE_LEFT_OUT';
        return { name, code, reason: `${reason}: pack the file itself, under a name of its own` };
      }),
      ...tooDeep.map((name) => leftOutDeep(name, MAX_DEPTH)),
    ],
    companionsIn: async (scratch) => {
      for (const member of besides.filter((name) => isCompanion(basename(name)))) {
        const target = join(scratch, basename(member.slice(root.length)));
        await pipeline(limited(await openMember(path, member)), createWriteStream(target));
      }
      return scratch;
    },
    groundModel:
      model === undefined
        ? null
        : {
            name: basename(model),
            open: async (take) => take(await openMember(path, model)),
          },
  };
}

function isElsewhere(location: string): boolean {
  return isAddress(location) || isBucketAddress(location);
}

function bringHere(location: string, options: SourceOptions): Promise<ArtifactRef> {
  const { store, owner, limitBytes, signal, onProgress } = options;
  return takeSource(location, options, (body) =>
    store.addStream(owner, 'application/zip', body, {
      limitBytes,
      signal,
      onBytes: () => onProgress?.(),
    }),
  );
}

async function isImage(path: string, member: string): Promise<boolean> {
  const kind = kindByName(basename(member));
  if (kind !== 'unknown') return kind === 'image';
  return fileTypeOf(await upTo(MAGIC_BYTES, await openMember(path, member))) !== null;
}

async function* limited(body: Readable): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    // The reader of companions passes over what is too long, whole or not.
    if (length > MAX_TEXT_BYTES + 1) return;
    yield chunk;
  }
}
