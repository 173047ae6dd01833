import { ApplicationFailure } from '@temporalio/common';

/** A failure that no retry can mend: it ends the activity or the workflow that throws it. */
export class PermanentFailure extends ApplicationFailure {
  constructor(type: PermanentFailureType, message: string) {
    super(message, type, true);
    // A refusal is read for its sentence; where the code decided it says nothing to an operator.
    this.stack = '';
  }
}

export type PermanentFailureType =
  'InvalidInput' | 'MissingSource' | 'UnsupportedImage' | 'FlowDefinitionInvalid';

/** The request, or a file that it names, says something that cannot be carried out. */
export class InvalidInput extends PermanentFailure {
  constructor(message: string) {
    super('InvalidInput', message);
  }
}

/** A file or address that the request names is not there. */
export class MissingSource extends PermanentFailure {
  constructor(message: string) {
    super('MissingSource', message);
  }
}

/** A file is no image, or none that can be worked on. */
export class UnsupportedImage extends PermanentFailure {
  constructor(message: string) {
    super('UnsupportedImage', message);
  }
}

/** Characters of a text that a sentence quotes; what a client sent may be megabytes. */
const QUOTED_LENGTH = 100;

/** How a sentence names the value that was found in place of a usable one. */
export function nameValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Uint8Array) return 'bytes';
  return 'an object';
}

function shorten(text: string): string {
  return text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text;
}
