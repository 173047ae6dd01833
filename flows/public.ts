/**
 * What the package gives to those who write flows and tasks of their own: `import … from
 * 'skyloom/flows'`. The one file that only passes on, as a package has one door; code of this
 * repository imports from the place itself.
 */
export type { Catalogue, TaskFacts } from '../contracts/flow-catalogue.ts';
export type { FlowDefinition } from '../contracts/flow-definition.ts';
export type { Collection, Outcome } from '../contracts/flow-results.ts';
export { and, eq, exists, ge, gt, isIn, le, lt, ne, not, or } from './build/conditions.ts';
export { declareFlow, defineFlow } from './build/define-flow.ts';
export { FlowClass, task } from './build/flow-class.ts';
export { PermanentTaskFailure } from './build/permanent-task-failure.ts';
export { atLeast, bestEffort, critical, strict } from './build/policies.ts';
export type { Ref } from './build/reference-types.ts';
export { orElse, text, verbatim } from './build/reference.ts';
export type { TaskContext } from './build/task-context.ts';
export { declareTask, defineTask, jsonSchema, type Task } from './build/task.ts';
export { toActivities, toFlow } from './build/to-flow.ts';
export { checkFlow } from './check/check-flow.ts';
export { formatProblem } from './check/problem.ts';
export { builderCode } from './convert/builder-code.ts';
export { loadFlow } from './load/load-flow.ts';
export { runLocally } from './local/run-locally.ts';
