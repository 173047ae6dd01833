import { type ArtifactRef, artifactRefSchema } from './artifacts.ts';

/** Every reference to an artifact inside a document, at any depth. */
export function referencesIn(document: unknown): ArtifactRef[] {
  if (typeof document !== 'object' || document === null) return [];
  const parsed = artifactRefSchema.safeParse(document);
  if (parsed.success) return [parsed.data];
  return Object.values(document).flatMap(referencesIn);
}
