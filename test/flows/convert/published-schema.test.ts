import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedSchema, schemaWithTasks } from '../../../flows/convert/published-schema.ts';
import { misfits } from '../../../flows/model/json-schema.ts';
import { readSampleText, root, sampleCatalogue, sampleNames } from '../support/samples.ts';

describe('publishedSchema()', () => {
  it('is what schema/flow.v1.schema.json holds: run scripts/build-flow-schema.mjs', () => {
    const file = readFileSync(join(root, 'schema', 'flow.v1.schema.json'), 'utf8');
    expect(JSON.parse(file)).toEqual(publishedSchema());
  });

  it.each(sampleNames)('takes the example %s', (name) => {
    expect(misfits(JSON.parse(readSampleText(name)), publishedSchema())).toEqual([]);
  });
});

describe('schemaWithTasks()', () => {
  it.each(sampleNames)('takes the example %s', (name) => {
    expect(misfits(JSON.parse(readSampleText(name)), schemaWithTasks(sampleCatalogue))).toEqual([]);
  });

  it('names the tasks and their fields', () => {
    const text = JSON.stringify(schemaWithTasks(sampleCatalogue));
    expect(text).toContain('"enum":["demo.alert@1","image.blur@1"');
    expect(text).toContain('"required":["url"]');
  });

  it('refuses a task that the catalogue has not', () => {
    const text = readSampleText('diamond').replace('demo.load@1', 'demo.lode@1');
    expect(misfits(JSON.parse(text), schemaWithTasks(sampleCatalogue))).not.toEqual([]);
  });
});
