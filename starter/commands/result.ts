import { z } from 'zod';
import type { AutomationResult } from '../../contracts/automation.ts';
import type { Settings } from '../../platform/configuration.ts';
import { openArtifactStore } from '../../platform/open-store.ts';
import { readRunDocument, runPlace } from '../../platform/run-folder.ts';
import { resultOf } from '../automation-run.ts';
import { exitCodes, type ExitCode, WrongUsage } from '../exit-codes.ts';
import { findRun } from '../find-run.ts';
import { findServer, withClient } from '../find-server.ts';
import { flowResultOf } from '../flow-server-runs.ts';
import { flowResultWords, withWholeOutput } from '../follow-flow.ts';
import { saveFiles } from '../save-files.ts';
import { isNegative, resultsLine, resultWords } from '../result-words.ts';
import type { Terminal } from '../terminal.ts';

/** What the result document of a flight says of the images that failed; the other fields are passed over. */
const failedImagesSchema = z.object({
  failedImages: z
    .array(
      z.object({
        name: z.string(),
        findings: z.array(z.object({ code: z.string(), message: z.string() })),
      }),
    )
    .default([]),
});

type FailedImage = z.infer<typeof failedImagesSchema>['failedImages'][number];

/** Waits for the result of a run and prints it. */
export async function result(
  id: string,
  options: { failed?: boolean | undefined; save?: string | undefined },
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const { access } = await findServer(settings);
  return withClient(access, async (client) => {
    const { handle, described } = await findRun(client, id);
    if (described.type === 'FlowWorkflow') {
      const flow = await withWholeOutput(await flowResultOf(handle), settings);
      const folder = runPlace(settings, flow.runKey);
      const { save } = options;
      const saved =
        save === undefined ? [] : await saveFiles(flow.output, save, openArtifactStore(settings));
      terminal.answer(
        { folder, result: flow, ...(save === undefined ? {} : { saved }) },
        save === undefined ? flowResultWords(flow) : `Saved ${saved.length} files in ${save}`,
      );
      return flow.state === 'done' ? exitCodes.done : exitCodes.stopped;
    }
    if (options.save !== undefined) {
      throw new WrongUsage(`Cannot save files of "${id}" as it is no flow: they are in its folder`);
    }
    const found = await resultOf(handle);
    const folder = runPlace(settings, found.runKey);
    const failed = options.failed === true ? await readFailedImages(settings, folder, found) : null;
    const words = [
      resultWords(found),
      await resultsLine(folder),
      ...(failed ?? []).map(
        ({ name, findings }) =>
          `  ${name}\n${findings.map(({ code, message }) => `    ${code}: ${message}`).join('\n')}`,
      ),
    ];
    terminal.answer(
      { folder, result: found, ...(failed === null ? {} : { failedImages: failed }) },
      words.join('\n'),
    );
    return isNegative(found.verdict) ? exitCodes.verdictNegative : exitCodes.done;
  });
}

async function readFailedImages(
  settings: Settings,
  folder: string,
  found: AutomationResult,
): Promise<FailedImage[]> {
  const store = openArtifactStore(settings);
  const document = await readRunDocument(store, found.runKey, 'result.json');
  if (document !== null) {
    return failedImagesSchema.parse(JSON.parse(document.toString('utf8'))).failedImages;
  }
  throw new Error(
    `Cannot read the result document of "${found.jobId}" at ${folder}/result.json: set SKYLOOM_HOME or SKYLOOM_STORE to the storage of the workers, or it was cleaned up`,
  );
}
