import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import { createTaskRegistry } from '../../flow-tasks.ts';
import { drawMermaid } from '../../flows/draw/mermaid.ts';
import { statesByPath } from '../../flows/draw/states-by-path.ts';
import { drawSvg } from '../../flows/draw/svg.ts';
import { drawText } from '../../flows/draw/text-drawing.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import type { Settings } from '../../platform/configuration.ts';
import { WrongUsage } from '../exit-codes.ts';
import { readSoundFlow } from '../flow-file.ts';
import { type RunStates, statesOfRun } from '../run-states.ts';
import type { Terminal } from '../terminal.ts';

/** Every way to draw a flow. */
export const drawingFormats = ['text', 'mermaid', 'svg', 'png'] as const;
type DrawingFormat = (typeof drawingFormats)[number];

export interface GraphOptions {
  format: string;
  run?: string | undefined;
  output?: string | undefined;
}

/** Draws a flow, with the states of a run where one is named. */
export async function flowGraph(
  path: string,
  { format, run, output }: GraphOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  if (!isFormat(format)) {
    throw new WrongUsage(`Cannot draw as "${format}": use ${drawingFormats.join(', ')}`);
  }
  if (format === 'png' && output === undefined && (terminal.isForPrograms || isAtTerminal())) {
    throw new WrongUsage('Cannot show a PNG here: name a file by --output');
  }
  const definition = await readSoundFlow(path, await createTaskRegistry(settings));
  const states = run === undefined ? {} : await statesOfRun(run, definition.name, settings);
  const drawing = await draw(definition, format, statesByPath(states), terminal);
  if (output !== undefined) {
    await write(output, drawing);
    return terminal.answer({ format, output, states }, `Drawn: ${output}`);
  }
  if (typeof drawing === 'string') {
    return terminal.answer({ format, drawing, states }, drawing.trimEnd());
  }
  process.stdout.write(drawing);
}

async function draw(
  definition: FlowDefinition,
  format: DrawingFormat,
  states: RunStates,
  terminal: Terminal,
): Promise<string | Buffer> {
  if (format === 'text') return drawText(definition, states);
  if (format === 'mermaid') return drawMermaid(definition, states);
  const svg = drawSvg(definition, states);
  if (format === 'svg') return svg;
  const { rasterizeSvg } = await import('../rasterize-svg.ts');
  const { png, loss } = await rasterizeSvg(svg);
  if (loss !== undefined) terminal.warn(loss);
  return png;
}

async function write(path: string, drawing: string | Buffer): Promise<void> {
  try {
    await writeFileAtomic(path, drawing, { isDurable: false });
  } catch (error) {
    throw new WrongUsage(`Cannot write "${path}": ${(error as Error).message}`);
  }
}

function isFormat(format: string): format is DrawingFormat {
  return (drawingFormats as readonly string[]).includes(format);
}

function isAtTerminal(): boolean {
  return process.stdout.isTTY === true;
}
