import type { ApprovalAnswer, ApprovalCall } from './engine.ts';
import { misfits } from './json-schema.ts';

/**
 * Why an answer to an approval is refused, as a sentence; `undefined` when it is taken.
 *
 * @param roles of the person who answers.
 */
export function reasonToRefuse(
  call: ApprovalCall,
  answer: ApprovalAnswer,
  roles: readonly string[],
  nowMs: number,
): string | undefined {
  const { address, form, deadlineMs } = call;
  if (deadlineMs !== undefined && nowMs >= deadlineMs) {
    return `Cannot answer "${address}": its time was over at ${new Date(deadlineMs).toISOString()}`;
  }
  if (call.roles.length > 0 && !call.roles.some((role) => roles.includes(role))) {
    return `Cannot answer "${address}" as one of the roles ${call.roles.join(', ')} is needed: found ${roles.join(', ') || 'none'}`;
  }
  // Who rejects owes no form.
  if (!answer.approved) return undefined;
  if (form === undefined) {
    if (Object.keys(answer.form ?? {}).length === 0) return undefined;
    return `Cannot answer "${address}" with a form as the step asks for none: leave it out`;
  }
  const [misfit] = misfits(answer.form ?? {}, form);
  if (misfit === undefined) return undefined;
  const place = misfit.pointer === '' ? 'the form' : `"${misfit.pointer}" of the form`;
  return `Cannot answer "${address}" as ${place} does not fit: ${misfit.needed} is needed`;
}
