import { createHash } from 'node:crypto';
import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import { canonicalText } from '../model/canonical-form.ts';

/** SHA-256 of the canonical form: equal for every spelling of one flow. */
export function digestOf(definition: FlowDefinition): string {
  return textDigest(canonicalText(definition));
}

/** SHA-256 of a text. */
export function textDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
