import { z } from 'zod';
import { flightReportDocumentSchema } from '../../../contracts/report.ts';

/** The JSON Schema of `report.json`, as it is published. */
export function publishedReportSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(flightReportDocumentSchema);
  return {
    $schema,
    $id: 'urn:skyloom:flight-report:1',
    title: 'Accuracy report of a flight, version 1',
    ...rest,
  };
}
