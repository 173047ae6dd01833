import { z } from 'zod';
import { mediaTypes } from '../../contracts/artifacts.ts';
import { findingSchema } from '../../contracts/findings.ts';
import {
  type FetchedImage,
  type FlightImage,
  imageDescriptionSchema,
} from '../../contracts/flight.ts';
import { ResultMemo } from '../../platform/result-memo.ts';
import type { WorkerServices } from '../../platform/temporal/worker-spec.ts';
import { examineImage } from './examine-image.ts';

/** Raise it whenever the same file would give other numbers: what was remembered before is then not used. */
const EXAMINATION = 'examine-image@9';
/** Below the heartbeat timeout of a batch, so that a slow picture is named before the batch is lost. */
const DECODE_TIMEOUT_SECONDS = 12;

const rememberedSchema = z.object({
  description: imageDescriptionSchema.omit({ thumbnail: true, preview: true }),
  thumbnailBase64: z.string().nullable(),
  previewBase64: z.string().nullable(),
  findings: z.array(findingSchema),
});

/** Examines images, each content once: the result is remembered between runs. */
export function createImageExaminer(
  { store, settings }: Pick<WorkerServices, 'store' | 'settings'>,
  pixelThreads: number,
) {
  const memo = new ResultMemo(store.storage, rememberedSchema);
  const limitPixels = settings.SKYLOOM_MAX_IMAGE_MEGAPIXELS * 1e6;

  return async function examine(image: FetchedImage, owner: string): Promise<FlightImage> {
    const { name, file } = image;
    if (file === null) return { ...image, description: null, usable: false };
    // The name is part of the key as the findings say it.
    const parameters = { limitPixels, name };
    const key = { step: EXAMINATION, contentSha256: file.sha256, parameters };
    let known = await memo.recall(key);
    if (known === null) {
      const path = await store.fileOf(file);
      const { description, thumbnail, preview, findings } = await examineImage(path, {
        name,
        limitPixels,
        timeoutSeconds: DECODE_TIMEOUT_SECONDS,
        threads: pixelThreads,
        decodeBytes: settings.SKYLOOM_DECODE_MEGABYTES * 1e6,
      });
      known = {
        description,
        thumbnailBase64: thumbnail?.toString('base64') ?? null,
        previewBase64: preview?.toString('base64') ?? null,
        findings,
      };
      // A time limit says something about the machine of that day, not about the file.
      const isLasting = findings.every(({ code }) => code !== 'DECODE_TIMEOUT');
      if (isLasting) await memo.remember(key, known);
    }
    const { description, thumbnailBase64, previewBase64, findings } = known;
    const keep = async (base64: string | null) =>
      base64 === null
        ? null
        : store.addBytes(owner, mediaTypes.jpeg, Buffer.from(base64, 'base64'));
    const [thumbnail, preview] = [await keep(thumbnailBase64), await keep(previewBase64)];
    return {
      name,
      file,
      description: { ...description, thumbnail, preview },
      usable: true,
      findings: [...image.findings, ...findings],
    };
  };
}
