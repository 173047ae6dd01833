const LINE_WIDTH = 100;

/**
 * JSON for people: what fits on a line stands on one, as a person would write it.
 *
 * @param indent of the line that it starts on.
 * @param step of the indentation.
 *
 * @example
 * readableJson({ task: 'image.resize@1', with: { width: 320 } });
 * // { "task": "image.resize@1", "with": { "width": 320 } }
 */
export function readableJson(value: unknown, indent = '', step = '  ', before = 0): string {
  const line = onOneLine(value);
  if (typeof value !== 'object' || value === null) return line;
  const room = LINE_WIDTH - indent.length - before;
  // A line that was too long before it came here gets no better by breaks.
  if (line.length <= room || room < 0) return line;
  const inner = indent + step;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const members = Array.isArray(value)
    ? value.map((item) => readableJson(item, inner, step, 1))
    : membersOf(value).map(([key, member]) => {
        const name = `${JSON.stringify(key)}: `;
        return name + readableJson(member, inner, step, name.length + 1);
      });
  return `${open}\n${members.map((member) => inner + member).join(',\n')}\n${indent}${close}`;
}

function onOneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  const members = membersOf(value).map(
    ([key, member]) => `${JSON.stringify(key)}: ${onOneLine(member)}`,
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function membersOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

/** A whole definition: its own fields and its steps each on a line of their own. */
export function readableFlow(definition: object): string {
  const fields = membersOf(definition).map(([key, value]) => {
    const name = `  ${JSON.stringify(key)}: `;
    if (key !== 'steps') return name + readableJson(value, '  ', '  ', name.length - 1);
    const steps = membersOf(value as object).map(([id, step]) => {
      const stepName = `    ${JSON.stringify(id)}: `;
      return stepName + readableJson(step, '    ', '  ', stepName.length - 3);
    });
    return steps.length === 0 ? `${name}{}` : `${name}{\n${steps.join(',\n')}\n  }`;
  });
  return `{\n${fields.join(',\n')}\n}\n`;
}
