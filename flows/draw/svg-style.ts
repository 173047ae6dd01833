import { stateColors } from './state-colors.ts';

/** Of the kinds of text in a drawing, in pixels. */
export const fontSizes = { heading: 16, name: 14, words: 12, label: 11 } as const;

interface Page {
  readonly ground: string;
  readonly text: string;
  readonly words: string;
  readonly line: string;
  readonly step: string;
  readonly group: string;
  readonly jump: string;
}

const light: Page = {
  ground: '#ffffff',
  text: '#1b1f24',
  words: '#4b535b',
  line: '#5b636b',
  step: '#f6f8fa',
  group: '#fbfcfd',
  jump: '#9a3fb5',
};

const dark: Page = {
  ground: '#16191d',
  text: '#eceff2',
  words: '#b5bdc5',
  line: '#9aa3ac',
  step: '#23282e',
  group: '#1b1f24',
  jump: '#d88cf0',
};

/** Plain rules without variables: what turns SVG into pixels knows few of CSS's newer words. */
export const svgStyle = [
  '.name{font-weight:600}.way{fill:none;stroke-width:1.5}.order{stroke-dasharray:5 4}',
  '.route{stroke-dasharray:2 3}.state{font-style:italic}.branch{stroke-dasharray:4 3}',
  ...rulesOf(light, false),
  `@media (prefers-color-scheme:dark){${rulesOf(dark, true).join('')}}`,
].join('');

function rulesOf(page: Page, isDark: boolean): string[] {
  const { ground, text, words, line, step, group, jump } = page;
  const states = Object.entries(stateColors).map(([state, colors]) => {
    const fill = isDark ? colors.darkFill : colors.fill;
    const stroke = isDark ? colors.darkStroke : colors.stroke;
    const dashes = colors.isDashed === true ? ';stroke-dasharray:4' : '';
    return `.${state}{fill:${fill};stroke:${stroke};stroke-width:1.5${dashes}}`;
  });
  return [
    `.ground,.label-ground{fill:${ground}}.name{fill:${text}}.words,.state,.label,.back{fill:${words}}`,
    `.step{fill:${step};stroke:${line}}.group,.branch{fill:${group};stroke:${line}}`,
    `.way{stroke:${line}}.arrow-head{fill:${line}}.route{stroke:${jump}}.jump-head{fill:${jump}}`,
    ...states,
  ];
}
