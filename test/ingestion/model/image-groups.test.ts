import { describe, expect, it } from '@jest/globals';
import { GroupCount, groupOf, parseImageGroups } from '../../../ingestion/model/image-groups.ts';

describe('parseImageGroups()', () => {
  it('reads names and groups, with spaces in names and any line ends', () => {
    const { groups, findings } = parseImageGroups(
      '\uFEFFDJI_0018.JPG A\r\nmy photo 1.jpg\tB\n\n# note\nDJI_0018.JPG C',
      'image_groups.txt',
    );
    expect(groups).toEqual({ 'dji_0018.jpg': 'A', 'my photo 1.jpg': 'B' });
    expect(findings).toEqual([]);
  });

  it('says which lines it cannot use', () => {
    const { groups, findings } = parseImageGroups('alone\n../x.jpg A', 'image_groups.txt');
    expect(groups).toEqual({});
    expect(findings.map(({ code, values }) => [code, values['line']])).toEqual([
      ['GROUP_ROW_INVALID', 1],
      ['PATH_ESCAPE', 2],
    ]);
  });
});

describe('groupOf()', () => {
  it('finds an image by its name alone, in any case, and takes nothing from the language', () => {
    const groups = { 'a.jpg': '1' };
    expect(groupOf('DCIM/A.JPG', groups)).toBe('1');
    expect(groupOf('constructor.jpg', groups)).toBeUndefined();
    expect(groupOf('A.JPG', undefined)).toBeUndefined();
  });
});

describe('GroupCount', () => {
  it('counts groups and names strangers', () => {
    const count = new GroupCount({ 'a.jpg': '1', 'b.jpg': '2', 'c.jpg': '2' });
    count.add('2', 'B.JPG');
    count.add('1', 'A.JPG');
    count.add(undefined, 'D.JPG');
    expect(count.entries()).toEqual([
      { group: '1', images: 1 },
      { group: '2', images: 1 },
    ]);
    expect(count.findings()).toMatchObject([
      { code: 'GROUP_IMAGE_MISSING', values: { images: 1 } },
    ]);
  });
});
