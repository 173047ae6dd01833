import { expect, it } from '@jest/globals';
import { scratchFolder } from '../support/scratch-folder.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { compareScene } from './support/compare-scene.ts';

const NAIP_2018 = 'sat-naip-series/m_4709963_se_14_1_20180716.tif';
const NAIP_2016 = 'sat-naip-series/m_4709963_se_14_1_20160816.tif';
const LONG = 120_000;

describeWithRealData('a comparison of real scenes, through all of its activities', () => {
  it(
    'finds the independently known displacement of an aerial photograph',
    async () => {
      const { registration } = await compareScene(await scratchFolder(), {
        scene: realDataPath(NAIP_2016),
        reference: realDataPath(NAIP_2018),
      });
      console.log(JSON.stringify({ ...registration, arrows: [] }, null, 1));
      expect(registration.status).toBe('LOCATED');
    },
    LONG,
  );
});
