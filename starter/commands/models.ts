import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../../platform/configuration.ts';
import { fetchWeights, titleOf } from '../../platform/fetch-weights.ts';
import {
  digestOfFile,
  isWeightsId,
  knownWeights,
  modelFolder,
  type WeightsId,
} from '../../platform/model-weights.ts';
import { WrongUsage } from '../exit-codes.ts';
import { tableWords, type Terminal } from '../terminal.ts';

/** Fetches weights into the model folder of the workers on this machine. */
export async function modelsFetch(
  names: readonly string[],
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  const known = Object.keys(knownWeights);
  const wrong = names.find((name) => !isWeightsId(name));
  if (wrong !== undefined) {
    throw new WrongUsage(`Cannot fetch model "${wrong}": known are ${known.join(', ')}`);
  }
  const fetched = [];
  for (const name of names as readonly WeightsId[]) {
    const { path, source } = await fetchWeights(name, settings, (line) => terminal.remark(line));
    const origin = source === null ? 'was there' : `from ${titleOf(source)}`;
    fetched.push({ id: name, path, sha256: knownWeights[name].sha256, origin });
  }
  terminal.answer(
    { models: fetched },
    fetched.map(({ id, path, origin }) => `${id}: ${path} (${origin})`).join('\n'),
  );
}

/** Lists the weights of the model folder with their digests, and the known ones that are missing. */
export async function modelsList(settings: Settings, terminal: Terminal): Promise<void> {
  const folder = modelFolder(settings);
  await mkdir(folder, { recursive: true });
  const files = (await readdir(folder)).filter((file) => file.endsWith('.onnx')).sort();
  const models = await Promise.all(files.map((file) => describe(folder, file)));
  const missing = Object.entries(knownWeights)
    .filter(([, { file }]) => !files.includes(file))
    .map(([id]) => id);
  const rows = models.map(({ file, bytes, sha256, state }) => [
    file,
    `${(bytes / 1e6).toFixed(1)} MB`,
    state,
    sha256,
  ]);
  const words = [
    ...(rows.length === 0 ? [`No models in ${folder}`] : [folder, tableWords(rows)]),
    ...missing.map((id) => `"skyloom models fetch ${id}" fetches ${id}`),
  ];
  terminal.answer({ folder, models, missing }, words.join('\n'));
}

async function describe(folder: string, file: string) {
  const { sha256 = '', bytes = 0 } = (await digestOfFile(join(folder, file))) ?? {};
  const known = Object.values(knownWeights).find((weights) => weights.file === file);
  const state =
    known === undefined ? 'your own' : known.sha256 === sha256 ? 'as known' : 'NOT as known';
  return { file, bytes, sha256, state };
}
