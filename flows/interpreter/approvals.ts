import { InvalidInput } from '../../contracts/failures.ts';
import type { FlowAnswer, WaitingStep } from '../../contracts/flow-run.ts';
import type { Cancellation } from '../model/cancellation.ts';
import type { ApprovalAnswer, ApprovalCall } from '../model/engine.ts';
import { reasonToRefuse } from '../model/approval-answer.ts';

interface Open {
  readonly call: ApprovalCall;
  readonly resolve: (answer: ApprovalAnswer) => void;
}

/** The steps that wait for a person, and what is refused of an answer before it counts. */
export class Approvals {
  private readonly open = new Map<string, Open>();
  private readonly closed = new Set<string>();
  private readonly onChange: (waiting: readonly string[]) => void;

  constructor(onChange: (waiting: readonly string[]) => void) {
    this.onChange = onChange;
  }

  ask(call: ApprovalCall, cancellation: Cancellation): Promise<ApprovalAnswer> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.open.delete(call.address);
        this.onChange([...this.open.keys()]);
      };
      const stopListening = cancellation.onCancel(() => {
        leave();
        reject(new Error('Nobody waits for the answer any more'));
      });
      if (cancellation.isCancelled) return;
      this.open.set(call.address, {
        call,
        resolve: (answer) => {
          stopListening();
          this.closed.add(call.address);
          leave();
          resolve(answer);
        },
      });
      this.onChange([...this.open.keys()]);
    });
  }

  /** @throws {InvalidInput} with a sentence, and then nothing of the answer is recorded. */
  validate(answer: FlowAnswer): void {
    const { step, approved, by, form = {} } = answer;
    if (typeof step !== 'string' || typeof approved !== 'boolean' || typeof by !== 'string') {
      throw new InvalidInput('Cannot take the answer as step, approved and by are needed');
    }
    const found = this.open.get(step);
    if (found === undefined) {
      const waiting = [...this.open.keys()].join(', ') || 'nothing';
      throw new InvalidInput(
        this.closed.has(step)
          ? `Cannot answer "${step}" as it was answered already`
          : `Cannot answer "${step}" as it does not wait for an answer: found ${waiting}`,
      );
    }
    const { note } = answer;
    const given = { approved, by, form, ...(note === undefined ? {} : { note }) };
    const roles = answer.role === undefined ? [] : [answer.role];
    const reason = reasonToRefuse(found.call, given, roles, Date.now());
    if (reason !== undefined) throw new InvalidInput(reason);
  }

  answer({ step, approved, by, note, form }: FlowAnswer): void {
    this.open.get(step)?.resolve({
      approved,
      by,
      ...(note === undefined ? {} : { note }),
      ...(form === undefined ? {} : { form }),
    });
  }

  waiting(): WaitingStep[] {
    return [...this.open.values()].map(({ call }) => ({
      step: call.address,
      title: call.title,
      show: call.show,
      roles: call.roles,
      form: (call.form ?? null) as WaitingStep['form'],
      deadline: call.deadlineMs === undefined ? null : new Date(call.deadlineMs).toISOString(),
    }));
  }
}
