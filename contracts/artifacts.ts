import { z } from 'zod';

/** Names one file of the artifact store by the SHA-256 of its bytes. What travels between processes is this, never the file. */
export const artifactRefSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
  mediaType: z.string(),
});

export type ArtifactRef = z.infer<typeof artifactRefSchema>;

/** The media types that skyloom itself writes, so that a reader can follow references without guessing. */
export const mediaTypes = {
  json: 'application/json',
  html: 'text/html',
  jpeg: 'image/jpeg',
  text: 'text/plain',
  csv: 'text/csv',
  geoJson: 'application/geo+json',
  geoTiff: 'image/tiff; application=geotiff',
} as const;
