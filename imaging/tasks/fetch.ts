import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { type StoredImage, storedImageSchema } from '../../contracts/images.ts';
import { mapWindow } from '../../durable/map-window.ts';
import { PermanentTaskFailure } from '../../flows/build/permanent-task-failure.ts';
import type { TaskContext } from '../../flows/build/task-context.ts';
import { defineTask } from '../../flows/build/task.ts';
import type { Settings } from '../../platform/configuration.ts';
import { downloadStream } from '../../platform/download.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import { readHeader } from '../io/open-image.ts';

/** Larger images are for the pipelines, which read them part by part. */
const MAX_IMAGE_BYTES = 256e6;
const MAX_DOWNLOADS_AT_ONCE = 16;

/** Tasks that bring images in. */
export function fetchTasks(settings: Settings) {
  const limitBytes = Math.min(MAX_IMAGE_BYTES, settings.SKYLOOM_MAX_DOWNLOAD_MEGABYTES * 1e6);

  async function fetchOne(url: string, context: TaskContext): Promise<StoredImage> {
    const name = nameOf(url);
    try {
      return await context.withScratchFile(async (path) => {
        const { body } = await downloadStream(url, {
          allowPrivateAddresses: settings.SKYLOOM_ALLOW_PRIVATE_ADDRESSES,
          signal: context.signal,
        });
        // Listened to at once: a body that fails before that would end the process.
        await pipeline(body, withLimit(name, limitBytes), createWriteStream(path));
        const { format, width, height } = await readHeader(path, name);
        return { ...(await context.putFile(path, `image/${format}`)), name, width, height };
      });
    } catch (error) {
      if (error instanceof DownloadRefused) {
        throw new PermanentTaskFailure('DownloadRefused', error.message);
      }
      throw error;
    }
  }

  return [
    defineTask({
      name: 'image.fetch@1',
      title: 'Fetches one image',
      input: z.object({ url: z.url({ protocol: /^https?$/ }) }),
      output: storedImageSchema,
      queue: 'io',
      timeout: '5m',
      errors: ['UnsupportedImage', 'DownloadRefused'],
      run: ({ url }, context) => fetchOne(url, context),
    }),
    defineTask({
      name: 'image.download@1',
      title: 'Fetches a list of images',
      input: z.object({
        urls: z.array(z.url({ protocol: /^https?$/ })).max(1000),
        /** Downloads at a time. */
        parallel: z.number().int().min(1).max(MAX_DOWNLOADS_AT_ONCE).default(4),
      }),
      output: z.object({ images: z.array(storedImageSchema) }),
      queue: 'io',
      timeout: '30m',
      errors: ['UnsupportedImage', 'DownloadRefused'],
      run: async ({ urls, parallel }, context) => {
        let done = 0;
        const images = await mapWindow(urls, parallel, async (url) => {
          const image = await fetchOne(url, context);
          context.heartbeat(++done, urls.length, image.name);
          return image;
        });
        return { images };
      },
    }),
  ];
}

/** Passes on what comes, up to a limit. @throws {UnsupportedImage} past it. */
function withLimit(name: string, limitBytes: number) {
  return async function* (body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let length = 0;
    for await (const chunk of body) {
      length += chunk.length;
      if (length > limitBytes) {
        throw new UnsupportedImage(
          `Cannot fetch image "${name}" as it is longer than ${limitBytes / 1e6} megabytes`,
        );
      }
      yield chunk;
    }
  };
}

function nameOf(url: string): string {
  const { pathname, hostname } = new URL(url);
  return (basename(pathname) || hostname).slice(0, 255);
}
