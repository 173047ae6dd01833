import type { Catalogue } from '../../contracts/flow-catalogue.ts';
import type {
  Binding,
  Block,
  Branch,
  Condition,
  FlowDefinition,
  MapStep,
  Pair,
  ParallelStep,
  RepeatStep,
  Step,
  StepBase,
} from '../../contracts/flow-definition.ts';
import { isFrom, isList, isText, isVerbatim } from '../model/binding.ts';
import { planOf } from '../model/block-plan.ts';
import { canonicalForm } from '../model/canonical-form.ts';
import { typeText } from './schema-type.ts';

/**
 * A definition as TypeScript: calls of the builder that give the same definition again, byte for byte.
 *
 * @throws {RangeError} for a group with members that the builder can't write: only tasks are.
 */
export function builderCode(definition: FlowDefinition, catalogue: Catalogue): string {
  const flow = canonicalForm(definition);
  const { name, input = {}, steps, output, search, flow: _, ...rest } = flow;
  const channels = Object.entries(rest.channels ?? {}).map(([id, { schema, ...channel }]) => {
    const typed = schema === undefined ? '' : `, schema: ${schemaText(schema)}`;
    return `${quote(id)}: { ...${JSON.stringify(channel)}${typed} }`;
  });
  const { channels: _channels, ...options } = rest;
  const head = [
    ...Object.entries(options).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    ...(channels.length === 0 ? [] : [`channels: { ${channels.join(', ')} }`]),
    `input: ${schemaText(input)}`,
  ];
  const chain = [
    `defineFlow(${quote(name)}, { ${head.join(', ')} })`,
    ...chainOf({ steps }),
    ...(search === undefined ? [] : [`.search((s) => (${bindingText(search)}))`]),
    ...(output === undefined ? [] : [`.output((s) => (${bindingText(output)}))`]),
  ];
  const body = `export const flow = ${chain.join('\n  ')};\n`;
  return [importsFor(body, definition), ...declarations(definition, catalogue), body].join('\n');
}

function importsFor(body: string, definition: FlowDefinition): string {
  const text = JSON.stringify(definition);
  const names = ALL_NAMES.filter((name) => new RegExp(`\\b${name}[<(]`).test(body));
  if (/"task":/.test(text)) names.push('declareTask');
  if (/"flow":"[^"]*@/.test(text)) names.push('declareFlow');
  return `import { ${names.sort().join(', ')} } from 'skyloom/flows';\n`;
}

const ALL_NAMES =
  'defineFlow jsonSchema orElse text verbatim eq ne lt le gt ge isIn exists and or not'.split(' ');

/** One constant per task and flow that the definition names, with the types that the catalogue knows. */
function declarations(definition: FlowDefinition, catalogue: Catalogue): string[] {
  const text = JSON.stringify(definition);
  const named = (pattern: RegExp) =>
    [...new Set([...text.matchAll(pattern)].map(([, name]) => name!))].sort();
  const facts = (name: string) =>
    [...catalogue.tasks, ...(catalogue.flows ?? [])].find((one) => one.name === name);
  const declare = (what: string) => (name: string) => {
    const types = [facts(name)?.input, facts(name)?.output].map(typeText).join(', ');
    return `const ${constantOf(name)} = ${what}<${types}>(${quote(name)});`;
  };
  return [
    ...named(/"task":"([^"]+@\d+)"/g).map(declare('declareTask')),
    ...named(/"flow":"([^"]+@\d+)"/g).map(declare('declareFlow')),
  ];
}

function constantOf(name: string): string {
  return name
    .replace('@', 'V')
    .replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, next: string = '') => next.toUpperCase());
}

function chainOf({ steps, output }: Block): string[] {
  const calls = planOf(steps).ids.map((id) => callOf(id, steps[id]!));
  return output === undefined ? calls : [...calls, `.output((s) => (${bindingText(output)}))`];
}

function callOf(id: string, step: Step): string {
  const name = quote(id);
  // Said always, so that the order of the calls says nothing.
  const options = optionsText({ after: [], ...step });
  if ('task' in step) {
    return `.step(${name}, ${constantOf(step.task)}, (s) => (${bindingText(step.with ?? {})}), ${options})`;
  }
  if ('flow' in step) {
    return `.call(${name}, ${constantOf(step.flow)}, (s) => (${bindingText(step.with ?? {})}), ${options})`;
  }
  if ('parallel' in step)
    return `.parallel(${name}, (s) => ({ ${membersText(step)} }), ${options})`;
  if ('map' in step) return `.map(${name}, ${mapText(step)})`;
  if ('choose' in step) {
    const branches = step.choose.map(branchText).join(', ');
    return `.choose(${name}, (s, f) => ({ ${branches} }), ${options})`;
  }
  if ('repeat' in step) return `.repeat(${name}, ${repeatText(step)})`;
  if ('wait' in step) {
    const wait =
      'until' in step.wait
        ? `{ until: (s) => ${bindingText(step.wait.until)} }`
        : JSON.stringify(step.wait);
    return `.wait(${name}, ${wait}, ${options})`;
  }
  const { show, form, ...rest } = step.approve;
  const asked = [
    ...fieldTexts(rest),
    ...(show === undefined ? [] : [`show: (s) => ${bindingText(show)}`]),
    ...(form === undefined ? [] : [`form: ${schemaText(form)}`]),
  ];
  return `.approve(${name}, { ...${options}, ${asked.join(', ')} })`;
}

function membersText({ parallel }: ParallelStep): string {
  return Object.entries(parallel)
    .map(([id, member]) => {
      if (!('task' in member)) {
        throw new RangeError(
          `Cannot write the member "${id}" of a group with the builder: only tasks are`,
        );
      }
      return `${id}: s.run(${constantOf(member.task)}, ${bindingText(member.with ?? {})}, ${optionsText(member)})`;
    })
    .join(', ');
}

function mapText(step: MapStep): string {
  const { over, key, do: body, ...rest } = step.map;
  const options = [
    `...${optionsText({ after: [], ...step })}`,
    ...fieldTexts(rest),
    ...(key === undefined ? [] : [`key: (s) => ${bindingText(key)}`]),
  ];
  return `(s) => ${bindingText(over)}, (f) => ${bodyText(body)}, { ${options.join(', ')} }`;
}

function repeatText(step: RepeatStep): string {
  const { start = null, until, max, do: body } = step.repeat;
  const options = [
    `...${optionsText({ after: [], ...step })}`,
    `start: (s) => (${bindingText(start)})`,
    `until: (s) => ${conditionText(until)}`,
    `max: ${max}`,
  ];
  return `{ ${options.join(', ')} }, (f) => ${bodyText(body)}`;
}

function branchText({ name, if: condition, do: body }: Branch): string {
  const asked = condition === undefined ? quote('else') : conditionText(condition);
  return `${name}: [${asked}, ${bodyText(body)}]`;
}

function bodyText(block: Block): string {
  return ['f', ...chainOf(block)].join('\n    ');
}

const OPTIONS = 'title after on timeout queue retry cache priority routes policy failFast'.split(
  ' ',
);

function optionsText(step: StepBase): string {
  const known = Object.entries(step).filter(([key]) => OPTIONS.includes(key));
  const asked = step.if === undefined ? [] : [`if: (s) => ${conditionText(step.if)}`];
  return `{ ${[...fieldTexts(Object.fromEntries(known)), ...asked].join(', ')} }`;
}

function fieldTexts(fields: object): string[] {
  return Object.entries(fields).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
}

function bindingText(binding: Binding): string {
  if (typeof binding !== 'object' || binding === null) return JSON.stringify(binding);
  if (isList(binding)) return `[${binding.map(bindingText).join(', ')}]`;
  if (isVerbatim(binding)) return `verbatim(${JSON.stringify(binding.$value)})`;
  if (isText(binding)) return `text(${binding.$text.map(bindingText).join(', ')})`;
  if (isFrom(binding)) {
    const path = `s.${binding.$from}`;
    return binding.or === undefined ? path : `orElse(${path}, ${bindingText(binding.or)})`;
  }
  const members = Object.entries(binding).map(
    ([key, part]) => `${quote(key)}: ${bindingText(part)}`,
  );
  return `{ ${members.join(', ')} }`;
}

function conditionText(condition: Condition): string {
  const [[name, operands]] = Object.entries(condition) as [[string, never]];
  if (name === 'and' || name === 'or') {
    return `${name}(${(operands as Condition[]).map(conditionText).join(', ')})`;
  }
  if (name === 'not') return `not(${conditionText(operands)})`;
  if (name === 'exists') return `exists(${bindingText(operands)})`;
  const [left, right] = operands as Pair;
  return `${name === 'in' ? 'isIn' : name}(${bindingText(left)}, ${bindingText(right)})`;
}

function schemaText(schema: object): string {
  return `jsonSchema<${typeText(schema)}>(${JSON.stringify(schema)})`;
}

/** A key of data as a literal; `__proto__` would otherwise be no key at all. */
function quote(text: string): string {
  return text === '__proto__' ? `["__proto__"]` : JSON.stringify(text);
}
