import { referencesIn, referencesInCondition, type Reference } from '../model/references.ts';
import { reasonOfAbsence } from './absence.ts';
import type { Analysis, StepPlace } from './analyze.ts';
import { problem, type Problem } from './problem.ts';
import { isUnresolved, type Reader, resolvePath, type Unresolved } from './scope.ts';

/** Every reference leads somewhere, and says what stands in for it where it may be absent. */
export function checkReferences(analysis: Analysis): Problem[] {
  const inBindings = analysis.bindings.flatMap(({ binding, pointer, reader }) =>
    referencesIn(binding, pointer).flatMap((found) => checkReference(found, reader, analysis)),
  );
  const inConditions = analysis.conditions.flatMap(({ condition, pointer, reader }) =>
    referencesInCondition(condition, pointer).flatMap((found) =>
      checkReference(found, reader, analysis),
    ),
  );
  return [...inBindings, ...inConditions];
}

function checkReference(reference: Reference, reader: Reader, analysis: Analysis): Problem[] {
  const { from, pointer, allowsAbsence } = reference;
  const found = resolvePath(from.$from, reader);
  if (isUnresolved(found)) return [explainUnresolved(found, from.$from, pointer, analysis)];
  if (allowsAbsence || found.source === undefined) return [];
  const reason = reasonOfAbsence(found.source, reader);
  if (reason === undefined) return [];
  const message = `Cannot read "${from.$from}" without "or": ${reason}`;
  return [problem('missing-or', pointer, message)];
}

function explainUnresolved(
  { failed, word, owner, known }: Unresolved,
  path: string,
  pointer: string,
  { steps }: Analysis,
): Problem {
  const place = `${pointer}/$from`;
  const nearly = { found: word, known };
  if (failed === 'part') {
    return problem(
      'unknown-path',
      place,
      `Cannot read "${path}": "${owner}" has no "${word}"`,
      nearly,
    );
  }
  const hidden = steps.find(({ id }) => id === word);
  const message =
    hidden === undefined
      ? `Cannot read "${path}": there is no step "${word}" here`
      : `Cannot read "${path}": "${word}" is inside ${placeOf(hidden)}, so only steps there see it`;
  return problem('unknown-step', place, message, nearly);
}

function placeOf({ block }: StepPlace): string {
  const { parent, branch } = block;
  if (parent === undefined) return 'another block';
  return branch === undefined ? `"${parent.step}"` : `branch "${branch}" of "${parent.step}"`;
}
