import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AutomationResult } from '../contracts/automation.ts';
import { clientSearchAttributes, searchAttributes } from '../contracts/search-attributes.ts';
import { ensureSampleSet, type SampleSet } from '../samples/sample-set.ts';
import { findPythonClient } from './support/python-client.ts';
import { scratchFolder } from './support/scratch-folder.ts';
import { startTestStack, type TestStack } from './support/test-stack.ts';

/** How long a refusal may take, from the start of the run to its end. */
const REFUSAL_LIMIT_SECONDS = 5;

const python = await findPythonClient();

(python === null ? describe.skip : describe)('a client of another SDK', () => {
  let samples: SampleSet;
  let testStack: TestStack;

  beforeAll(async () => {
    samples = await ensureSampleSet(join(await scratchFolder(), 'samples'));
    testStack = await startTestStack();
  }, 120_000);

  afterAll(() => testStack.stop(), 60_000);

  describe.each([
    {
      imageType: 'Navad',
      verdict: 'review',
      children: ['ingestion', 'accuracy', 'accuracy-0001'],
      sourceOf: ({ flightFolder }: SampleSet) => flightFolder,
    },
    {
      imageType: 'Satellite',
      verdict: 'stated',
      children: ['geolocalization'],
      sourceOf: ({ scenePath }: SampleSet) => scenePath,
    },
  ])('with a $imageType run', ({ imageType, verdict, children, sourceOf }) => {
    let run: { id: string; result: AutomationResult };

    beforeAll(async () => {
      run = (await ask('run', imageType, sourceOf(samples))) as typeof run;
    }, 90_000);

    it('is given a verdict and a message', () => {
      expect(run.result).toMatchObject({ imageType, verdict });
      expect(run.result.message).toMatch(/\w+ .*\w/);
    });

    it('finds what it set after the end, with what the run adds beside it', async () => {
      const handle = testStack.client.workflow.getHandle(run.id);
      const described = await handle.describe();
      expect(described.status.name).toBe('COMPLETED');
      expect(described.memo).toEqual({
        description: `${imageType} auto-processing run`,
        initiated_by: 'api',
      });
      expect(await described.staticSummary()).toBe(`${imageType} run`);
      expect(await described.staticDetails()).toBe('Created by API dispatch on request');
      const attributes = described.typedSearchAttributes;
      expect(attributes.get(clientSearchAttributes.customString)).toBe('my-workflow-id');
      expect(attributes.get(clientSearchAttributes.customKeyword)).toBe(imageType.toLowerCase());
      expect(attributes.get(clientSearchAttributes.customInt)).toBe(42);
      expect(attributes.get(clientSearchAttributes.customBool)).toBe(true);
      expect(attributes.get(searchAttributes.stage)).toBe('done');
      expect(attributes.get(searchAttributes.verdict)).toBe(verdict);
    });

    it('finds the children under the names that it knows', async () => {
      for (const child of children) {
        const handle = testStack.client.workflow.getHandle(`${run.id}-${child}`);
        expect((await handle.describe()).status.name).toBe('COMPLETED');
      }
    });
  });

  describe('with a bad request', () => {
    let ends: Record<string, RefusedEnd>;

    beforeAll(async () => {
      ends = (await ask('refused', samples.flightFolder)) as typeof ends;
    }, 60_000);

    it.each<[string, RegExp]>([
      ['unknown type', /"Navad" or "Satellite": found "Drone"$/],
      ['number for a path', /imagePath is not usable .*: found 7$/],
      ['missing key', /imageType is missing$/],
      ['empty path', /imagePath is not usable .*: found ""$/],
      ['absent path', /nothing is there/],
      ['over-long path', /imagePath is not usable/],
      ['over-large path', /may have 200000 characters: found 1990\d{3}$/],
      ['path in a file', /no file can lie there/],
      ['path with a zero byte', /no file can lie there/],
      ['path with an over-long name', /no file can lie there/],
      ['file on another machine', /names no file of this machine/],
      ['list', /must be an object .*: found a list$/],
      ['string', /must be an object .*: found "Navad"$/],
      ['null', /must be an object .*: found nothing$/],
      ['no argument', /must be an object .*: found nothing$/],
      ['deeply nested object', /imagePath is not usable .*: found an object$/],
      ['object nested without end', /may be nested 100 levels deep: found more$/],
      ['bytes', /found bytes/],
      ['many bytes', /found bytes/],
      ['protobuf', /encoding "json\/protobuf" is not known/],
      ['binary protobuf', /encoding "binary\/protobuf" is not known/],
      ['encryption', /encoding "binary\/encrypted" is not known/],
      ['no encoding', /it has no encoding; send JSON$/],
      ['malformed JSON', /it is not valid json\/plain; send JSON$/],
      ['encrypted memo', /must be an object .*: found "Navad"$/],
    ])('of the kind "%s" is refused in one sentence', async (kind, sentence) => {
      const end = ends[kind]!;
      expect(end).toMatchObject({
        status: 'FAILED',
        message: expect.stringMatching(sentence),
        type: expect.stringMatching(/^(InvalidInput|MissingSource)$/),
        isRetryable: false,
      });
      expect(end.message).toMatch(/^Cannot /);
      // A sentence is read in a column of the Web UI: what was sent is not repeated at length.
      expect(end.message!.length).toBeLessThan(300);
      expect(end.seconds).toBeLessThan(REFUSAL_LIMIT_SECONDS);
    });
  });

  function ask(command: string, ...words: string[]): Promise<unknown> {
    return python!(command, testStack.stack.access.connectionOptions.address!, ...words);
  }
});

interface RefusedEnd {
  status: string;
  seconds: number;
  message?: string;
  type?: string;
  isRetryable?: boolean;
}
