import type { Steps } from '../../contracts/flow-definition.ts';
import type { Scope } from './binding.ts';
import { planOf, type BlockPlan } from './block-plan.ts';
import { Cancellation } from './cancellation.ts';
import { type ChannelParts, channelValues, joinParts } from './channels.ts';
import { holds } from './condition.ts';
import { failuresAt, failuresBehind, type Entry, newEntry } from './entry.ts';
import type { Budget, Frame, PAUSED, Run, StepContext } from './run.ts';
import {
  addressOf,
  nodeAt,
  type SkipReason,
  type StepNode,
  type StepRecord,
} from './step-record.ts';
import { readStored, StoredElsewhere } from './stored-lists.ts';

/** Executes one step; handed in, as the code of some kinds runs blocks itself. */
export type Execute = (context: StepContext) => Promise<StepRecord | typeof PAUSED>;

/** Where a block runs. */
export interface BlockPlace {
  readonly run: Run;
  readonly steps: Steps;
  /** Node that holds the steps. */
  readonly node: StepNode;
  readonly address: string;
  /** JSON Pointer of the steps. */
  readonly pointer: string;
  readonly frame: Frame;
  readonly cancellation: Cancellation;
  readonly budget: Budget;
  readonly execute: Execute;
  /** Called as each step settles; a group decides then whether to go on. */
  readonly onSettled?: () => void;
  /** Steps that this run leaves out. */
  readonly excluded?: ReadonlySet<string>;
}

/**
 * Runs the steps of one block: each once, after all its predecessors, as many at once as their order
 * allows.
 *
 * Everything is decided on recorded outcomes, and a jump waits until the rest of the block has come
 * to rest. So the states and values at the end do not depend on which step was faster.
 */
export class BlockRun {
  readonly entries = new Map<string, Entry>();
  readonly plan: BlockPlan;
  private readonly place: BlockPlace;
  private readonly jumps = new Map<string, string>();
  private readonly ready = new Set<string>();
  private running = 0;
  private isPumping = false;
  private isPaused = false;
  private finish: (isPaused: boolean) => void = () => {};
  private fail: (error: unknown) => void = () => {};

  constructor(place: BlockPlace) {
    this.place = place;
    this.plan = planOf(place.steps);
    for (const id of this.plan.ids) {
      const waitsFor = this.plan.predecessors.get(id)!.length;
      this.entries.set(id, newEntry(waitsFor));
      if (waitsFor === 0) this.ready.add(id);
    }
  }

  /** Resolves when nothing is left to do: with `true` when the run pauses and steps are left. */
  toEnd(): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      this.finish = resolve;
      this.fail = reject;
      this.pump();
    });
  }

  /** Values as a step sees them; as the output of the block sees them without `id`. */
  scopeOf(id?: string): Scope {
    return (root) => {
      const entry = this.entries.get(root);
      if (entry !== undefined) return entry.record?.value;
      if (root === 'channels') return channelValues(this.writesBefore(id), this.place.run.channels);
      return this.place.frame.lookUp(root);
    };
  }

  /** The writes of all steps before one, or of the whole block, in the order of the plan. */
  writesBefore(id?: string): ChannelParts {
    const { run, frame } = this.place;
    if (!run.hasChannels) return {};
    const isAgain = id !== undefined && this.entries.get(id)!.attempt > 1;
    const parts = this.plan.ids.map((name) => {
      if (id === undefined || this.plan.isBefore(name, id)) return this.writesOf(name);
      // A jump comes after all earlier attempts, whatever stands before what in the plan.
      return isAgain ? this.entries.get(name)!.earlierWrites : undefined;
    });
    return joinParts([frame.writes, ...parts], run.channels);
  }

  /** The writes of the block's own steps. */
  ownWrites(): ChannelParts {
    const { run } = this.place;
    if (!run.hasChannels) return {};
    return joinParts(
      this.plan.ids.map((id) => this.writesOf(id)),
      run.channels,
    );
  }

  /** Steps that failed and that no step handled, in the order of the plan. */
  unhandled(): string[] {
    const handled = new Set<string>();
    for (const { failuresAfter } of this.entries.values()) {
      for (const id of failuresAfter.handled) handled.add(id);
    }
    return this.plan.ids.filter(
      (id) => this.entries.get(id)!.record?.state === 'failed' && !handled.has(id),
    );
  }

  private writesOf(id: string): ChannelParts | undefined {
    const { earlierWrites, record } = this.entries.get(id)!;
    if (earlierWrites === undefined) return record?.writes;
    return joinParts([earlierWrites, record?.writes], this.place.run.channels);
  }

  /** Starts what can start, in the order of the plan, until nothing more can. */
  private pump(): void {
    if (this.isPumping) return;
    this.isPumping = true;
    try {
      while (this.takeReady() || this.takeJump());
      if (this.running === 0) this.finish(this.isPaused);
    } catch (error) {
      this.fail(error);
    } finally {
      this.isPumping = false;
    }
  }

  private takeReady(): boolean {
    if (this.ready.size === 0) return false;
    const isOne = this.ready.size === 1;
    const batch = isOne ? [...this.ready] : this.plan.ids.filter((id) => this.ready.has(id));
    this.ready.clear();
    for (const id of batch) this.decideWhenRead(id);
    return true;
  }

  /** As `decide`, once what its condition reads of stored lists is there. */
  private decideWhenRead(id: string): void {
    try {
      this.decide(id);
    } catch (error) {
      if (!(error instanceof StoredElsewhere)) throw error;
      this.running++;
      const { run, address } = this.place;
      readStored(run.engine, error).then(
        () => {
          this.running--;
          this.ready.add(id);
          this.pump();
        },
        (reason: unknown) => {
          this.running--;
          const failure = { ...run.engine.failureOf(reason), step: addressOf(address, id) };
          this.settle(id, { state: 'failed', failure, steps: 0 });
          this.pump();
        },
      );
    }
  }

  /** Decides whether a step whose predecessors are settled runs. */
  private decide(id: string): void {
    const on = this.place.steps[id]!.on ?? 'success';
    const entry = this.entries.get(id)!;
    if (!entry.isJumpedTo) {
      const before = this.plan.predecessors.get(id)!.map((name) => this.entries.get(name)!);
      entry.failuresBefore = failuresAt(before);
    }
    const { record } = this.nodeOf(id, entry);
    if (record !== undefined) return this.takeRecorded(id, record);
    if (this.place.cancellation.isCancelled && on !== 'always') return this.leaveOut(id);
    const reason = this.reasonToSkip(id, entry);
    if (reason !== undefined) return this.settle(id, { state: 'skipped', reason, steps: 0 });
    this.start(id, on === 'always');
  }

  private reasonToSkip(id: string, entry: Entry): SkipReason | undefined {
    const step = this.place.steps[id]!;
    const on = step.on ?? 'success';
    if (this.place.excluded?.has(id) === true) return { kind: 'excluded' };
    if (!entry.isJumpedTo) {
      const { open } = entry.failuresBefore;
      if (on === 'success' && open.size > 0) return { kind: 'failure', because: [...open].sort() };
      if (on === 'failure' && open.size === 0) return { kind: 'unneeded' };
      if (entry.jumpedOverBy !== undefined) return { kind: 'jump', by: entry.jumpedOverBy };
    }
    const needs = on === 'success' ? this.absentNeed(id) : undefined;
    if (needs !== undefined) return { kind: 'absent', needs };
    if (step.if !== undefined && !holds(step.if, this.scopeOf(id))) return { kind: 'condition' };
    return undefined;
  }

  /** A step of this block that gave no value, though this one reads it and allows for no absence. */
  private absentNeed(id: string): string | undefined {
    for (const { root, allowsAbsence } of this.plan.references.get(id)!) {
      if (allowsAbsence) continue;
      const entry = this.entries.get(root);
      if (entry !== undefined && entry.record?.value === undefined) return root;
    }
    return undefined;
  }

  /** What a run that paused or failed had done already. */
  private takeRecorded(id: string, record: StepRecord): void {
    this.place.budget.count(record.steps);
    this.settle(id, record);
  }

  /** The run or the group ended before the step began. */
  private leaveOut(id: string): void {
    const isStop = this.place.run.ending?.kind === 'stop';
    const record: StepRecord = isStop
      ? { state: 'skipped', reason: { kind: 'stop' }, steps: 0 }
      : { state: 'cancelled', steps: 0 };
    this.settle(id, record);
  }

  private start(id: string, isShielded: boolean): void {
    const { run, steps, address, pointer, budget, cancellation, execute } = this.place;
    if (run.isPausing()) {
      this.isPaused = true;
      return;
    }
    const entry = this.entries.get(id)!;
    this.running++;
    execute({
      run,
      id,
      step: steps[id]!,
      node: this.nodeOf(id, entry),
      address: addressOf(address, keyOf(id, entry)),
      pointer: `${pointer}/${id}`,
      frame: new StepFrame(this, id),
      // What runs whatever happens is not stopped by what happens.
      cancellation: isShielded ? new Cancellation() : cancellation,
      budget: budget.inner(),
    }).then(
      (record) => {
        this.running--;
        if (typeof record === 'symbol') this.isPaused = true;
        else this.settle(id, record);
        this.pump();
      },
      (error: unknown) => this.fail(error),
    );
  }

  private settle(id: string, record: StepRecord): void {
    const entry = this.entries.get(id)!;
    const node = this.nodeOf(id, entry);
    node.record = record;
    node.state = record.state;
    entry.record = record;
    const isHandler = this.place.steps[id]!.on === 'failure';
    entry.failuresAfter = failuresBehind(id, entry.failuresBefore, record, isHandler);
    this.place.onSettled?.();
    // What follows a step that jumps stays where it is until the jump is carried out.
    if (record.goto !== undefined) this.jumps.set(id, record.goto);
    else this.releaseFollowers(id);
  }

  private releaseFollowers(id: string, except?: ReadonlySet<string>): void {
    for (const follower of this.plan.followers.get(id)!) {
      const entry = this.entries.get(follower)!;
      if (entry.record !== undefined || except?.has(follower) === true) continue;
      if (--entry.waitsFor === 0) this.ready.add(follower);
    }
  }

  /** Carries out the first of the jumps that wait, once nothing else in the block can go on. */
  private takeJump(): boolean {
    if (this.running > 0 || this.isPaused || this.jumps.size === 0) return false;
    const from = this.plan.ids.find((id) => this.jumps.has(id))!;
    const target = this.jumps.get(from)!;
    this.jumps.delete(from);
    if (!this.place.cancellation.isCancelled) this.place.budget.count();
    if (this.place.cancellation.isCancelled) {
      this.releaseFollowers(from);
      return true;
    }
    const again = new Set(
      this.plan.ids.filter((id) => id === target || this.plan.isBefore(target, id)),
    );
    for (const follower of this.plan.followers.get(from)!) {
      if (!again.has(follower)) this.entries.get(follower)!.jumpedOverBy = from;
    }
    for (const id of again) this.rearm(id);
    for (const id of again) this.countPredecessors(id, target);
    // Those that run again have counted this step as settled already.
    if (!again.has(from)) this.releaseFollowers(from, again);
    return true;
  }

  /** Gives a step a new attempt; what it wrote in earlier ones stays. */
  private rearm(id: string): void {
    const old = this.entries.get(id)!;
    const entry = newEntry(0);
    entry.attempt = old.record === undefined ? old.attempt : old.attempt + 1;
    if (this.place.run.hasChannels) entry.earlierWrites = this.writesOf(id) ?? {};
    this.jumps.delete(id);
    this.entries.set(id, entry);
  }

  private countPredecessors(id: string, target: string): void {
    const entry = this.entries.get(id)!;
    entry.isJumpedTo = id === target;
    if (entry.isJumpedTo) {
      this.ready.add(id);
      return;
    }
    const before = this.plan.predecessors.get(id)!;
    entry.waitsFor = before.filter(
      (name) => this.entries.get(name)!.record === undefined || this.jumps.has(name),
    ).length;
  }

  private nodeOf(id: string, entry: Entry): StepNode {
    return (entry.node ??= nodeAt(this.place.node, keyOf(id, entry)));
  }
}

/** What a step has around it. Most steps read nothing, so it is put together when it is asked for. */
class StepFrame implements Frame {
  private readonly block: BlockRun;
  private readonly id: string;

  constructor(block: BlockRun, id: string) {
    this.block = block;
    this.id = id;
  }

  get lookUp(): Scope {
    return this.block.scopeOf(this.id);
  }

  get writes(): ChannelParts {
    return this.block.writesBefore(this.id);
  }
}

function keyOf(id: string, { attempt }: Entry): string {
  return attempt === 1 ? id : `${id}#${attempt}`;
}
