import { describe, expect, it } from '@jest/globals';
import type { FlowDefinition } from '../../../contracts/flow-definition.ts';
import { drawMermaid } from '../../../flows/draw/mermaid.ts';
import { drawText } from '../../../flows/draw/text-drawing.ts';
import { graphOf } from '../../../flows/model/graph.ts';
import { readSample } from '../support/samples.ts';

const diamond = readSample('diamond').definition!;
const removeBackgrounds = readSample('remove-backgrounds').definition!;

describe('graphOf()', () => {
  it('names nodes, ways, groups and levels', () => {
    const graph = graphOf(diamond);
    expect(graph.nodes.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      'extract task',
      'transforms parallel',
      'transforms.a task',
      'transforms.b task',
      'load task',
    ]);
    expect(graph.edges).toEqual([
      { from: 'extract', to: 'transforms', kind: 'data' },
      { from: 'transforms', to: 'load', kind: 'data' },
    ]);
    expect(graph.groups).toEqual([{ path: 'transforms', label: 'transforms' }]);
    expect(graph.levels).toEqual([['extract'], ['transforms'], ['load']]);
  });
});

describe('drawMermaid()', () => {
  it('draws groups, data and mere order', () => {
    expect(drawMermaid(removeBackgrounds, { downloads: 'done', cleanup: 'failed' })).toBe(
      [
        'flowchart TD',
        '  subgraph n0["downloads · map over input.urls"]',
        '    n1["do<br/>image.fetch@1"]',
        '  end',
        '  subgraph n2["cutouts · map over downloads.items, at least 90#37;"]',
        '    n3["do<br/>image.cutout@1"]',
        '  end',
        '  n4["sheet<br/>image.contact-sheet@1"]',
        '  n5["cleanup<br/>store.remove@1, on always"]',
        '  n0 --> n2',
        '  n2 --> n4',
        '  n0 --> n5',
        '  n4 -.-> n5',
        '  class n0 done',
        '  class n5 failed',
        '  classDef done fill:#d1e7dd,stroke:#146c43',
        '  classDef failed fill:#f8d7da,stroke:#b02a37',
        '',
      ].join('\n'),
    );
  });

  it('draws jumps with their name, and text as text', () => {
    const definition: FlowDefinition = {
      flow: '1',
      name: 'x',
      version: '1.0.0',
      steps: {
        a: { task: 't@1', title: '"]; click a "javascript:x"\n%%{init}%%<b>' },
        end: { task: 't@1', after: ['a'], routes: { repair: 'a' } },
      },
    };
    const drawing = drawMermaid(definition);
    expect(drawing).toContain('n1 -.->|"repair"| n0');
    expect(drawing).toContain('n0["#34;#93;#59; click a #34;javascript:x#34; ');
    expect(drawing.split('\n')).toHaveLength(6);
  });
});

describe('drawText()', () => {
  it('draws levels, what is inside, and where each step comes from', () => {
    expect(drawText(diamond, { extract: 'done' })).toBe(
      [
        'diamond 1.0.0',
        '0  extract     demo.extract@1 [done]',
        '1  transforms  parallel               ← extract',
        '   │ a         demo.transform@1',
        '   │ b         demo.transform@1',
        '2  load        demo.load@1            ← transforms',
        '',
      ].join('\n'),
    );
  });
});
