import { InferenceSession, Tensor } from 'onnxruntime-node';
import { PermanentTaskFailure } from '../../flows/build/permanent-task-failure.ts';
import { digestOfFile } from '../../platform/model-weights.ts';
import type { ModelProfile } from '../model/model-profile.ts';

/** Weights and how to use them. */
export interface NetworkSource {
  id: string;
  path: string;
  /** Of the file: one that is exchanged is loaded anew. */
  sha256: string;
  /** Size of the file. */
  bytes: number;
  profile: ModelProfile;
}

/** A network that is loaded, ready for one picture at a time. */
export interface Network {
  source: NetworkSource;
  /** @returns the mask as the network gives it, `profile.size` squared. */
  run(planes: Float32Array): Promise<Float32Array>;
  release(): Promise<void>;
}

/**
 * Loads a network for one thread: as many processes as cores do more than one with many threads. Running
 * it stops everything else in the process, so this is for child processes only.
 *
 * @throws {PermanentTaskFailure} when the file is no network, or not one that the profile fits.
 */
export async function loadNetwork(source: NetworkSource): Promise<Network> {
  const { id, path, sha256, profile } = source;
  const found = await digestOfFile(path);
  if (found?.sha256 !== sha256) {
    throw new PermanentTaskFailure(
      'ModelMismatch',
      `Cannot use model "${id}" as its file was exchanged while it was looked at: run the flow again`,
    );
  }
  const session = await createSession(id, path);
  const input = session.inputNames[0]!;
  checkInput(session, source);
  const output =
    typeof profile.output === 'string' ? profile.output : session.outputNames[profile.output];
  if (output === undefined || !session.outputNames.includes(output)) {
    throw new PermanentTaskFailure(
      'ModelUnfit',
      `Cannot use model "${id}" as it has no output ${profile.output}: found ${session.outputNames.join(', ')}, correct the profile`,
    );
  }
  const { size } = profile;
  return {
    source,
    release: () => session.release(),
    run: async (planes) => {
      const picture = new Tensor('float32', planes, [1, 3, size, size]);
      // Only the asked output is made: the networks have six more.
      const answer = (await session.run({ [input]: picture }, [output], givesBack))[output]!;
      const { data } = answer;
      if (!(data instanceof Float32Array) || data.length !== size * size) {
        throw new PermanentTaskFailure(
          'ModelUnfit',
          `Cannot use model "${id}" as its output must be ${size} x ${size} numbers: found ${answer.type} ${answer.dims.join(' x ')}, correct the profile`,
        );
      }
      if (data.every(Number.isFinite)) return data;
      throw new PermanentTaskFailure(
        'ModelUnfit',
        `Cannot use model "${id}" as its output has values that are no numbers: correct the scale, mean and std of the profile`,
      );
    },
  };
}

/**
 * Work space comes from one arena, which goes back to the system after each picture: a fifth faster than
 * asking the system for each intermediate result, with 60 MB more.
 */
const givesBack = { extra: { memory: { enable_memory_arena_shrinkage: 'cpu:0' } } };

async function createSession(id: string, path: string): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(path, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      // Memory for all runs laid out ahead would be held between them.
      enableMemPattern: false,
      logSeverityLevel: 3,
    });
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new PermanentTaskFailure(
      'ModelUnfit',
      `Cannot load model "${id}" as the file is no network that can be run: ${reason}`,
    );
  }
}

/** The session says what it takes: a misfit is found before it runs, in words. */
function checkInput(session: InferenceSession, { id, profile: { size } }: NetworkSource): void {
  const [input] = session.inputMetadata;
  const shape = input?.isTensor === true ? input.shape : [];
  const wanted = [1, 3, size, size];
  const fits = shape.every(
    (length, axis) => typeof length === 'string' || length === -1 || length === wanted[axis],
  );
  const isFloat = input?.isTensor === true && input.type === 'float32';
  if (session.inputNames.length === 1 && isFloat && shape.length === 4 && fits) return;
  const found = `${session.inputNames.length} of ${input?.isTensor === true ? input.type : 'another type'} ${shape.join(' x ')}`;
  throw new PermanentTaskFailure(
    'ModelUnfit',
    `Cannot use model "${id}" as one input of float32 ${wanted.join(' x ')} is needed: found ${found}, correct the profile`,
  );
}
