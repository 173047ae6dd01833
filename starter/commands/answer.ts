import { userInfo } from 'node:os';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import {
  answerUpdate,
  type FlowAnswer,
  flowQueries,
  type WaitingStep,
} from '../../contracts/flow-run.ts';
import type { Json } from '../../contracts/flow-definition.ts';
import { rootCause } from '../../durable/root-cause.ts';
import type { Settings } from '../../platform/configuration.ts';
import { WrongUsage } from '../exit-codes.ts';
import { findRun } from '../find-run.ts';
import { findServer, withClient } from '../find-server.ts';
import type { Terminal } from '../terminal.ts';

export interface AnswerOptions {
  by?: string | undefined;
  role?: string | undefined;
  note?: string | undefined;
  form?: Record<string, unknown> | undefined;
}

/** Answers a step that asks a person. */
export async function answer(
  approved: boolean,
  id: string,
  step: string | undefined,
  { by = userInfo().username, role, note, form }: AnswerOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  const { access } = await findServer(settings);
  await withClient(access, async (client) => {
    const { handle, described } = await findRun(client, id);
    if (described.status.name !== 'RUNNING') {
      throw new WrongUsage(`Cannot answer "${id}" as it has ended: ${described.status.name}`);
    }
    const waiting = await handle.query<WaitingStep[]>(flowQueries.waiting);
    const asked = step ?? onlyOne(id, waiting);
    const given: FlowAnswer = {
      step: asked,
      approved,
      by,
      ...(role === undefined ? {} : { role }),
      ...(note === undefined ? {} : { note }),
      ...(form === undefined ? {} : { form: form as Record<string, Json> }),
    };
    try {
      await handle.executeUpdate(answerUpdate, { args: [given] });
    } catch (error) {
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      const cause = rootCause(error.cause ?? error);
      throw new WrongUsage(cause instanceof Error ? cause.message : String(cause));
    }
    terminal.answer(
      { workflowId: id, ...given },
      `${id}  ${asked}  ${approved ? 'approved' : 'rejected'}`,
    );
  });
}

function onlyOne(id: string, waiting: readonly WaitingStep[]): string {
  const [first] = waiting;
  if (waiting.length === 1 && first !== undefined) return first.step;
  const found = waiting.map(({ step, title }) => `"${step}" (${title})`).join(', ') || 'none';
  throw new WrongUsage(`Cannot tell which step of "${id}" is meant: waiting are ${found}`);
}
