import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound, writeFileAtomic } from '../../platform/atomic-file.ts';
import type { Settings } from '../../platform/configuration.ts';
import { WrongUsage } from '../exit-codes.ts';

/** The definition that one loads, changes and runs without naming its file each time. */
export class HeldDefinition {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** What the commands of one home folder hold between one and the next; a shell holds its own. */
  static remembered({ SKYLOOM_HOME }: Settings): HeldDefinition {
    return new HeldDefinition(join(SKYLOOM_HOME, 'shell', 'definition.json'));
  }

  /** @throws {WrongUsage} when none is loaded. */
  async read(): Promise<string> {
    const text = await this.peek();
    if (text !== undefined) return text;
    throw new WrongUsage(
      'Cannot do that as no definition is loaded: "deserialize <file>" loads one',
    );
  }

  async peek(): Promise<string | undefined> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  write(text: string): Promise<void> {
    return writeFileAtomic(this.path, text, { isDurable: false });
  }
}
