import { automationRequestSchema, automationResultSchema } from '../../contracts/automation.ts';
import { PermanentTaskFailure } from '../../flows/build/permanent-task-failure.ts';
import { defineTask } from '../../flows/build/task.ts';

/** The task that runs the whole pipeline, for a flight or a scene, as one step of a flow. */
export function automationTasks() {
  return [
    defineTask({
      name: 'automation@1',
      title: 'Runs the pipeline for a flight or a scene',
      input: automationRequestSchema,
      output: automationResultSchema,
      run: () => {
        // Durable runs start a child workflow in its place.
        throw new PermanentTaskFailure(
          'NeedsServer',
          'Cannot run the pipeline in memory: run the flow on a server',
        );
      },
    }),
  ];
}
