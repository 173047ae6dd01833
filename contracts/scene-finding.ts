import { z } from 'zod';

/** What is remarkable about the place of a scene. Codes are stable: clients branch on them. */
export const sceneFindingSchema = z.object({
  code: z.enum([
    'AUXILIARY_FILE_USED',
    'CHIP_OFFSET_APPLIED',
    'CONTROL_POINTS_FITTED',
    'CRS_FROM_FILE_BESIDE',
    'EXIF_POINT_ONLY',
    'GEOREFERENCE_CONTRADICTED',
    'LATITUDE_OUT_OF_RANGE',
    'NO_DATA_AT_ALL',
    'OUTLINE_NOT_ON_GROUND',
    'PIXELS_NOT_SQUARE',
    'PIXELS_SHEARED',
    'ROTATED',
    'ROWS_RUN_NORTH',
    'RPC_EXTRAPOLATED',
    'RPC_UNREADABLE',
    'STATED_PLACE_WRONG',
    'WORLD_FILE_USED',
  ]),
  severity: z.enum(['info', 'warning', 'error']),
  message: z.string(),
});
export type SceneFinding = z.infer<typeof sceneFindingSchema>;
