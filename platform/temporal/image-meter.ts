import { metricMeter } from '@temporalio/activity';

export const imageDurationMetric = 'skyloom_image_duration_seconds';

/** What a step did to one image, as far as metrics tell it. */
export interface ImageOutcome {
  isFailed: boolean;
  /** Bytes that the image brought in, or were written for it. */
  bytes: number;
}

/**
 * Counts the images of a step, their bytes and the time each took, as metrics of the worker:
 * `skyloom_images_total`, `skyloom_image_bytes_total` and `skyloom_image_duration_seconds`, each with
 * the labels `step` and `outcome`. Call it inside an activity.
 *
 * @param outcomeOf tells from a result what became of the image.
 */
export function createImageMeter<Result>(
  step: string,
  outcomeOf: (result: Result) => ImageOutcome,
) {
  const images = metricMeter.createCounter(
    'skyloom_images',
    undefined,
    'Images that were worked on',
  );
  const bytes = metricMeter.createCounter(
    'skyloom_image_bytes',
    undefined,
    'Bytes of these images',
  );
  const duration = metricMeter.createHistogram(
    imageDurationMetric,
    'float',
    // Named by hand, as the exporter would abbreviate the unit.
    undefined,
    'Time that one image took',
  );

  return async function meter(work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    const result = await work();
    const outcome = outcomeOf(result);
    const tags = { step, outcome: outcome.isFailed ? 'failed' : 'done' };
    images.add(1, tags);
    bytes.add(outcome.bytes, tags);
    duration.record((performance.now() - startedAt) / 1000, tags);
    return result;
  };
}
