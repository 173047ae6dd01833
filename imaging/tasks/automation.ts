import { automationRequestSchema, automationResultSchema } from '../../contracts/automation.ts';
import { PermanentTaskFailure } from '../../flows/build/permanent-task-failure.ts';
import { defineTask } from '../../flows/build/task.ts';

/** What a request to a pipeline that knows its kind of image still has to say. */
const pipelineInput = automationRequestSchema.omit({ imageType: true, checkOnly: true });

/** Durable runs start a child workflow in place of the function. */
const onServerOnly = {
  output: automationResultSchema,
  run: () => {
    throw new PermanentTaskFailure(
      'NeedsServer',
      'Cannot run the pipeline in memory: run the flow on a server',
    );
  },
};

/** Tasks that run a whole pipeline as one step of a flow. */
export function automationTasks() {
  return [
    defineTask({
      ...onServerOnly,
      name: 'automation@1',
      title: 'Runs the pipeline for a flight or a scene',
      input: automationRequestSchema,
    }),
    defineTask({
      ...onServerOnly,
      name: 'check@1',
      title: 'Examines a flight and assesses nothing',
      input: pipelineInput,
    }),
    defineTask({
      ...onServerOnly,
      name: 'locate@1',
      title: 'Says where a satellite scene lies on the ground',
      input: pipelineInput,
    }),
  ];
}
