/**
 * The workflows of `automation-pipeline-queue`: every worker of a queue serves the same types. The
 * bundler starts from here.
 */
export { AutomationWorkflow } from './orchestrator/workflows.ts';
export { FlowBatchWorkflow, FlowWorkflow } from './flows/workflows.ts';
