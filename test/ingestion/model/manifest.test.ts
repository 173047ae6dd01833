import { describe, expect, it } from '@jest/globals';
import type { FlightImage } from '../../../contracts/flight.ts';
import { imageError } from '../../../ingestion/model/finding.ts';
import { ManifestBuilder } from '../../../ingestion/model/manifest.ts';
import { flightImage } from '../../support/flight-image.ts';

describe('ManifestBuilder', () => {
  it('accepts a flight in which nothing is wrong', () => {
    const { manifest, images } = judge(flightOf(5));
    expect(manifest.verdict).toBe('accepted');
    expect(manifest.counts).toEqual({ images: 5, usable: 5, failed: 0 });
    expect(images.every(({ usable }) => usable)).toBe(true);
  });

  it('names the copy, which is the name that is formed unlike the others', () => {
    const copied = flightImage('COPY_1.JPG', {}, { file: flightImage('IMG_1.JPG').file });
    const { images } = judge([copied, ...flightOf(12)]);
    expect(codesOf(images, 'COPY_1.JPG')).toEqual(['DUPLICATE_CONTENT']);
    expect(codesOf(images, 'IMG_1.JPG')).toEqual([]);
    expect(images[0]!.usable).toBe(false);
  });

  it('names an image that text files cannot tell from another', () => {
    const { images } = judge([flightImage('IMG_1.jpg'), ...flightOf(4)].sort(byName));
    expect(codesOf(images, 'IMG_1.JPG')).toEqual([]);
    expect(codesOf(images, 'IMG_1.jpg')).toEqual(['NAME_CASE_DUPLICATE']);
  });

  it('judges blur against the flight, and keeps the geometry of a blurred image', () => {
    const measures = { ...flightImage('x').description!.measures!, blur: 0.5 };
    const { images } = judge([flightImage('A.JPG', { measures }), ...flightOf(12)]);
    expect(codesOf(images, 'A.JPG')).toEqual(['BLURRED']);
    expect(images[0]!.usable).toBe(true);
  });

  it('does not call a dark image blurred', () => {
    const measures = { ...flightImage('x').description!.measures!, blur: 0.7, meanLuminance: 0.02 };
    const { images } = judge([flightImage('A.JPG', { measures }), ...flightOf(12)]);
    expect(codesOf(images, 'A.JPG')).toEqual(['UNDEREXPOSED']);
  });

  it('finds the image of another flight by its position, size and camera', () => {
    const position = { ...flightImage('x').description!.position!, latitude: 49 };
    const stray = flightImage('A.JPG', { position, width: 300, height: 400, model: 'Other' });
    const { images } = judge([stray, ...flightOf(12)]);
    expect(codesOf(images, 'A.JPG')).toEqual(['SIZE_MISMATCH', 'CAMERA_MISMATCH', 'GPS_OUTLIER']);
  });

  it('gives a position without hemispheres the signs that fit the flight', () => {
    const { latitude, longitude, ...rest } = flightImage('x').description!.position!;
    const south = { ...rest, latitude: -latitude, longitude: -longitude };
    const unsigned = { ...rest, latitude, longitude, hemisphere: 'assumed' as const };
    const flight = flightOf(12).map(({ name }) => flightImage(name, { position: south }));
    const { images, manifest } = judge([flightImage('A.JPG', { position: unsigned }), ...flight]);
    expect(images[0]!.description!.position).toEqual({ ...south, hemisphere: 'assumed' });
    expect(codesOf(images, 'A.JPG')).toEqual([]);
    expect(manifest.statistics.positions).toBe(13);
    expect(manifest.statistics.bounds![0]).toBeLessThan(0);
  });

  it('rejects a flight with too few images, or too many errors', () => {
    expect(judge(flightOf(2)).manifest.findings.map(({ code }) => code)).toEqual([
      'TOO_FEW_IMAGES',
    ]);
    const damaged = flightOf(10).map((image, index) =>
      index < 2 ? { ...image, findings: [imageError('IMAGE_CORRUPT', image.name, 'x')] } : image,
    );
    const { manifest } = judge(damaged);
    expect(manifest.verdict).toBe('rejected');
    expect(manifest.findings.map(({ code }) => code)).toEqual(['TOO_MANY_ERRORS']);
  });

  it('gives the same judgement however the images are cut into pages', () => {
    const flight = [flightImage('A.JPG', { width: 1, height: 1 }), ...flightOf(9)];
    const whole = judge(flight);
    const paged = judge(flight, 3);
    expect(paged.images).toEqual(whole.images);
    expect(paged.manifest).toEqual(whole.manifest);
  });
});

function byName(a: FlightImage, b: FlightImage): number {
  return a.name < b.name ? -1 : 1;
}

function flightOf(count: number): FlightImage[] {
  return Array.from({ length: count }, (_, index) => flightImage(`IMG_${index + 1}.JPG`));
}

function judge(flight: FlightImage[], pageSize = flight.length) {
  const builder = new ManifestBuilder();
  const pages: FlightImage[][] = [];
  for (let from = 0; from < flight.length; from += pageSize)
    pages.push(flight.slice(from, from + pageSize));
  for (const page of pages) builder.survey(page);
  for (const page of pages) builder.locate(page);
  const images = pages.flatMap((page) => builder.judge(page));
  return { images, manifest: builder.build('test', []) };
}

function codesOf(images: FlightImage[], name: string): string[] {
  return images.find((image) => image.name === name)!.findings.map(({ code }) => code);
}
