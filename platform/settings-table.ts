import { z } from 'zod';
import { settingsSchema } from './configuration.ts';

interface SettingDescription {
  description?: string;
  default?: unknown;
  /** In place of a default that depends on the machine. */
  shownDefault?: string;
}

/** Every setting with its default and meaning, as a table in Markdown. */
export function settingsTable(): string {
  const { properties = {} } = z.toJSONSchema(settingsSchema, {
    io: 'input',
    unrepresentable: 'any',
  }) as { properties?: Record<string, SettingDescription> };
  const rows = Object.entries(properties).map(([name, setting]) => [
    `\`${name}\``,
    setting.shownDefault ?? `\`${String(setting.default)}\``,
    setting.description ?? '',
  ]);
  return markdownTable([['setting', 'default', 'meaning'], ...rows]);
}

/** Columns are as wide as their widest cell, as the formatter of this project wants them. */
function markdownTable(rows: string[][]): string {
  const widths = rows[0]!.map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  const [head = [], ...body] = rows;
  return [line(head), rule, ...body.map(line)].join('\n');
}

const start = '<!-- settings: made by "npm run docs" -->';
const end = '<!-- end of settings -->';

/** The document with its table of settings as the schema has them now. */
export function withSettingsTable(document: string): string {
  const [before, rest] = document.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(
      `Cannot place the settings as the document has no line '${start}' and '${end}'`,
    );
  }
  return `${before}${start}\n\n${settingsTable()}\n\n${end}${after}`;
}
