import { z } from 'zod';
import { flightImageSchema, flightManifestSchema } from './flight.ts';

/** The manifest of a flight with its images in it: what a check answers with, in one document. */
export const checkedFlightSchema = flightManifestSchema
  .omit({ parts: true })
  .extend({ images: z.array(flightImageSchema) });

export type CheckedFlight = z.infer<typeof checkedFlightSchema>;
